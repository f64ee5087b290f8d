using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>Shows pictures on the terminal that results go to.</summary>
static class PictureShow
{
    // Lines that are left for the path and the next prompt.
    const int LinesLeft = 3;
    const int UsualWidth = 80, UsualHeight = 24;

    /// <summary>The word that asks for the best way that the terminal has.</summary>
    public const string Auto = "auto";

    /// <summary>All words for a way.</summary>
    public static IReadOnlyList<string> Words => [Auto, .. TerminalEncodings.All.Select(encoding => encoding.Name)];

    /// <summary>Writes a picture file to stdout; where that is no terminal, or one without pictures, a note to stderr.</summary>
    /// <param name="path">The file.</param>
    /// <param name="way">One of <see cref="Words"/>.</param>
    /// <param name="asked">The option that asks for it.</param>
    public static void Write(string path, string way, string asked)
    {
        if (Console.IsOutputRedirected)
        {
            Console.Error.WriteLine($"{asked} is not used: the output goes to a file or another program.");
            return;
        }
        var encoding = way == Auto
            ? TerminalTraits.EncodingOf(Environment.GetEnvironmentVariable)
            : TerminalEncodings.All.First(one => one.Name == way);
        if (encoding is null) Console.Error.WriteLine($"{asked} is not used: this terminal (TERM is \"dumb\") shows no pictures.");
        else Console.Out.Write(Text(PictureFile.Read(path), encoding, Size()));
    }

    /// <summary>What to write for a picture, shrunk to the terminal where it is larger.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="encoding">The way to show it.</param>
    /// <param name="size">Columns and lines.</param>
    public static string Text(Picture picture, TerminalEncoding encoding, (int Columns, int Lines) size)
    {
        int across = Math.Max(size.Columns - 1, 1) * encoding.CellWidth, down = Math.Max(size.Lines - LinesLeft, 1) * encoding.CellHeight;
        double scale = Math.Min(Math.Min((double)across / picture.Width, (double)down / picture.Height), 1);
        var shown = PictureTransforms.Resize(picture, Side(picture.Width * scale), Side(picture.Height * scale));
        return encoding.Encode(new Picture(shown.Width, shown.Height, shown.Pixels));   // without its text, which is not shown
    }

    static int Side(double exact) => Math.Max((int)exact, 1);

    // Some terminals, and consoles of test machines, say 0.
    static (int Columns, int Lines) Size()
    {
        var (columns, lines) = (Console.WindowWidth, Console.WindowHeight);
        return (columns > 0 ? columns : UsualWidth, lines > 0 ? lines : UsualHeight);
    }
}
