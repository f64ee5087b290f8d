namespace Lowrank.Formats;

/// <summary>The error for a file that is not as it should be: which file, which byte, what.</summary>
static class FileFault
{
    /// <param name="path">The file.</param>
    /// <param name="offset">The byte, of the file or of <paramref name="part"/>.</param>
    /// <param name="what">What is wrong, without its full stop.</param>
    /// <param name="part">A part of the file with offsets of its own; empty for the file.</param>
    /// <param name="inner">What caused it.</param>
    internal static LowrankException At(string path, long offset, string what, string part = "", Exception? inner = null) =>
        new($"{path}, byte {offset}{(part.Length > 0 ? $" of {part}" : "")}: {Sentence(what)}", inner);

    internal static LowrankException In(string path, string what, string part = "", Exception? inner = null) =>
        new($"{path}{(part.Length > 0 ? $", {part}" : "")}: {Sentence(what)}", inner);

    // A name from a file may be megabytes long.
    static string Sentence(string text)
    {
        const int Longest = 2000;
        string shown = text.Length > Longest ? text[..Longest] + "…" : text;
        return shown.EndsWith('.') || shown.EndsWith('?') ? shown : shown + ".";
    }
}
