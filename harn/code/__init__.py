"""Layer 3: bytecode as data: the opcode table, chunks, assembler, disassembler, verifier and codec."""
