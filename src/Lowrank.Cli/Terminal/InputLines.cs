using Lowrank.Language;

namespace Lowrank.Cli;

/// <summary>The lines of the standard input, each as soon as it is whole: what is no text is refused, where a console would put signs
/// for it.</summary>
/// <param name="input">The input.</param>
sealed class InputLines(Stream input)
{
    readonly BufferedStream buffered = new(input);
    int number;

    /// <summary>The next line, without its end; null where there is none.</summary>
    /// <exception cref="LowrankException">It is no text.</exception>
    public string? Next()
    {
        var bytes = new List<byte>();
        int one;
        while ((one = buffered.ReadByte()) >= 0 && one != '\n') bytes.Add((byte)one);
        if (one < 0 && bytes.Count == 0) return null;
        number++;
        if (bytes is [.., (byte)'\r']) bytes.RemoveAt(bytes.Count - 1);
        return TextFile.Of([.. bytes], $"line {number} of the standard input");
    }
}
