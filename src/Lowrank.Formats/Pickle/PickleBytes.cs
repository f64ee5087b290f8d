using System.Globalization;
using System.Numerics;
using System.Text;

namespace Lowrank.Formats;

/// <summary>The bytes of a pickle as its opcodes read them: numbers, texts, lines; and the faults at the opcode that is read.</summary>
sealed class PickleBytes(Stream stream)
{
    // A line is a name or a number.
    const int LongestLine = 1 << 16;

    readonly long end = stream.Length;   // asked once: of a file, each asking is a call of the system
    long at;

    /// <summary>The next opcode; faults are told at its place from now on.</summary>
    internal int Opcode()
    {
        at = stream.Position;
        int code = stream.ReadByte();
        return code >= 0 ? code : throw new EndOfStreamException();
    }

    internal byte[] Take(int count)
    {
        if (count > end - stream.Position) throw new EndOfStreamException();
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A length in that many bytes.</summary>
    internal int Length(int width, int most = PickleLimits.TextBytes)
    {
        var bytes = Take(width);
        ulong length = 0;
        for (int i = width - 1; i >= 0; i--) length = length << 8 | bytes[i];
        if (length > (ulong)most) throw Fault($"the pickle holds a text or number of {length} bytes, more than the {most} allowed");
        return (int)length;
    }

    /// <summary>A text whose length stands before it in that many bytes.</summary>
    internal string Text(int width) => Encoding.UTF8.GetString(Take(Length(width)));

    /// <summary>Up to the end of the line.</summary>
    internal string Line()
    {
        var line = new List<byte>();
        while (stream.ReadByte() is var next && next != '\n')
        {
            if (next < 0) throw new EndOfStreamException();
            line.Add((byte)next);
            if (line.Count > LongestLine) throw Fault("a line of the pickle does not end");
        }
        return Encoding.UTF8.GetString([.. line]);
    }

    /// <summary>A whole number in bytes, whose count stands before it in <paramref name="width"/> bytes: long, or BigInteger.</summary>
    internal object Whole(int width) => Small(new BigInteger(Take(Length(width, PickleLimits.NumberBytes))));

    /// <summary>A whole number in digits.</summary>
    internal object Whole(string text)
    {
        // Parsing long texts of digits takes quadratic time.
        const int MostDigits = 400;
        if (text.Length > MostDigits || !BigInteger.TryParse(text, CultureInfo.InvariantCulture, out var number)) throw Misspelled();
        return Small(number);
    }

    internal double Real(string text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out double number) ? number : throw Misspelled();

    internal long Index(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out long index) ? index : throw Misspelled();

    static object Small(BigInteger number)
    {
        if (number < long.MinValue || number > long.MaxValue) return number;
        long small = (long)number;
        return small;
    }

    PickleException Misspelled() => Fault("a number is misspelled");

    internal PickleException Fault(string what) => new(what, at);
}
