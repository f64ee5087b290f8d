using System.Text;

namespace Lowrank.Cli;

/// <summary>Writes to a terminal as long as there is one: after a hang-up, work still ends in order, with nobody to tell.</summary>
/// <param name="inner">Where to.</param>
sealed class LastingWriter(TextWriter inner) : TextWriter
{
    bool isGone;

    /// <summary>Puts such a writer behind stderr; results that cannot be written stay a failure.</summary>
    public static void Use()
    {
        if (Console.Error is not LastingWriter) Console.SetError(new LastingWriter(Console.Error));
    }

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    void Try(Action write)
    {
        if (isGone) return;
        try
        {
            write();
        }
        catch (IOException)
        {
            isGone = true;
        }
    }
}
