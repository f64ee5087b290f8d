using Lowrank.Language;

namespace Lowrank.Cli;

/// <summary>The lines of the standard input, each as soon as it is whole, in UTF-8, or in UTF-16 behind its mark: what is no text is
/// refused, where a console would put signs for it.</summary>
/// <param name="input">The input.</param>
sealed class InputLines(Stream input)
{
    readonly BufferedStream buffered = new(input);
    byte[] mark = [];   // of UTF-16, as the input begins with it; none in UTF-8
    int number;

    /// <summary>Whether the line that was read last ends with \, be it a text or none.</summary>
    public bool GoesOn { get; private set; }

    /// <summary>The next line, without its end; null where there is none.</summary>
    /// <exception cref="LowrankException">It is no text.</exception>
    public string? Next()
    {
        bool isFirst = number == 0;
        var line = Bytes(isFirst);
        if (line is null) return null;
        number++;
        if (EndsWith(line, (byte)'\r')) line.RemoveRange(line.Count - Width, Width);
        GoesOn = EndsWith(line, (byte)'\\');
        // The mark tells how the bytes are to be read; of UTF-8 it stands at the beginning alone, and elsewhere is a character.
        return TextFile.Of([.. mark, .. line], $"line {number} of the standard input", mayBeMarked: isFirst || mark.Length > 0);
    }

    int Width => mark.Length > 0 ? 2 : 1;

    // Up to the line's end, which is taken and left out; null behind the last line.
    List<byte>? Bytes(bool isFirst)
    {
        var line = new List<byte>();
        int one;
        while ((one = buffered.ReadByte()) >= 0)
        {
            line.Add((byte)one);
            if (isFirst && (line is [0xff, 0xfe] or [0xfe, 0xff]))
            {
                (mark, isFirst) = ([.. line], false);
                line.Clear();
            }
            if (!EndsWith(line, (byte)'\n')) continue;
            line.RemoveRange(line.Count - Width, Width);
            return line;
        }
        return line.Count > 0 ? line : null;
    }

    bool EndsWith(List<byte> line, byte sign)
    {
        if (mark.Length == 0) return line is [.., var last] && last == sign;
        if (line.Count % 2 != 0 || line.Count == 0) return false;
        var (low, high) = mark[0] == 0xff ? (line[^2], line[^1]) : (line[^1], line[^2]);
        return low == sign && high == 0;
    }
}
