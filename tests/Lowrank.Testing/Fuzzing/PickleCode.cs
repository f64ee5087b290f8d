namespace Lowrank.Testing.Fuzzing;

/// <summary>A pickle as its opcodes, each with its argument. Source: Python's Lib/pickletools.py.</summary>
static class PickleCode
{
    /// <summary>The opcodes of a run of pickles, and what follows: the storages of an old file, or what is no pickle.</summary>
    public static (List<byte[]> Codes, byte[] Tail) Split(byte[] bytes)
    {
        const int PicklesOfOldFile = 5;
        var codes = new List<byte[]>();
        int at = 0, pickles = 0;
        while (at < bytes.Length && pickles < PicklesOfOldFile && (bytes[at] == 0x80 || at == 0 || bytes[at - 1] != '.' || codes[^1].Length > 1))
        {
            if (1 + ArgumentLength(bytes, at) is not { } length || length > bytes.Length - at) break;
            codes.Add(bytes[at..(at + (int)length)]);
            if (bytes[at] == '.') pickles++;
            at += (int)length;
        }
        return (codes, bytes[at..]);
    }

    public static byte[] Join(IEnumerable<byte[]> codes, byte[] tail) => [.. codes.SelectMany(code => code), .. tail];

    // Null where the file ends before the argument's length is known.
    static long? ArgumentLength(byte[] bytes, int at)
    {
        int from = at + 1;
        switch ((char)bytes[at])
        {
            case 'K' or 'h' or 'q' or '\x80' or '\x82': return 1;
            case 'M' or '\x83': return 2;
            case 'J' or 'j' or 'r' or '\x84': return 4;
            case 'G' or '\x95': return 8;
            case 'I' or 'L' or 'F' or 'S' or 'V' or 'g' or 'p' or 'P': return Line(bytes, from) - from;
            case 'c' or 'i': return Line(bytes, Line(bytes, from)) - from;
            case 'U' or 'C' or '\x8a' or '\x8c': return from + 1 > bytes.Length ? null : 1L + bytes[from];
            case 'X' or 'T' or 'B' or '\x8b': return from + 4 > bytes.Length ? null : 4L + BitConverter.ToUInt32(bytes, from);
            case '\x8d' or '\x8e' or '\x96': return from + 8 > bytes.Length || BitConverter.ToInt64(bytes, from) is < 0 or > int.MaxValue ? null : 8 + BitConverter.ToInt64(bytes, from);
            default: return 0;
        }
    }

    // Behind the line's end.
    static int Line(byte[] bytes, int from)
    {
        int length = bytes.AsSpan(Math.Min(from, bytes.Length)).IndexOf((byte)'\n');
        return length < 0 ? bytes.Length + 1 : from + length + 1;
    }
}
