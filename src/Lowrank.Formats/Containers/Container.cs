namespace Lowrank.Formats;

/// <summary>A kind of file that holds named tensors.</summary>
/// <param name="Name">Its name, as <see cref="ITensorFile.Container"/> tells it.</param>
/// <param name="Recognizes">Whether a file may be one, from its first 16 bytes (fewer for a shorter file).</param>
/// <param name="Open">Opens and checks a file.</param>
public sealed record Container(string Name, Func<byte[], bool> Recognizes, Func<string, ITensorFile> Open);
