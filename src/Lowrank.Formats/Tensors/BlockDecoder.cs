namespace Lowrank.Formats;

/// <summary>Tells the elements of whole blocks.</summary>
/// <param name="blocks">The bytes of some blocks.</param>
/// <param name="values">Their elements in order.</param>
public delegate void BlockDecoder(ReadOnlySpan<byte> blocks, Span<float> values);
