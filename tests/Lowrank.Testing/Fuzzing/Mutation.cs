namespace Lowrank.Testing.Fuzzing;

/// <summary>One way to spoil a file.</summary>
/// <param name="Name">What it does, for whoever reads of a failure.</param>
/// <param name="Change">The changed bytes; null where the file has nothing that it could change.</param>
public sealed record Mutation(string Name, Func<byte[], Random, byte[]?> Change);
