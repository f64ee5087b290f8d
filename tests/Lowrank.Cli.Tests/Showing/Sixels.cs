using System.Text.RegularExpressions;
using Lowrank.Diffusion;

namespace Lowrank.Cli.Tests;

/// <summary>A terminal that reads sixels.</summary>
static partial class Sixels
{
    public static Picture Decode(string text)
    {
        var head = Head().Match(text);
        int width = int.Parse(head.Groups[1].Value), height = int.Parse(head.Groups[2].Value);
        var picture = Picture.Filled(width, height, 0, 0, 0);
        var colours = new Dictionary<int, byte[]>();
        var (x, top, colour) = (0, 0, 0);
        foreach (Match part in Parts().Matches(head.Groups[3].Value))
        {
            if (part.Value is "$") x = 0;
            else if (part.Value is "-") (x, top) = (0, top + 6);
            else if (part.Groups["percent"].Success)
                colours[int.Parse(part.Groups["number"].Value)] = [.. part.Groups["percent"].Value.Split(';').Skip(2).Select(p => (byte)Math.Round(int.Parse(p) * 2.55))];
            else if (part.Groups["number"].Success) colour = int.Parse(part.Groups["number"].Value);
            else x = Draw(picture, colours[colour], x, top, part.Groups["sign"].Value[0] - '?', part.Groups["run"].Success ? int.Parse(part.Groups["run"].Value) : 1);
        }
        return picture;
    }

    static int Draw(Picture picture, byte[] colour, int x, int top, int dots, int run)
    {
        for (int end = x + run; x < end; x++)
            for (int row = 0; row < 6; row++)
                if ((dots & 1 << row) != 0) colour.CopyTo(picture.Pixels, 3 * ((top + row) * picture.Width + x));
        return x;
    }

    [GeneratedRegex(@"^\eP0;1;0q""1;1;(\d+);(\d+)(.*)\e\\\n$", RegexOptions.Singleline)]
    private static partial Regex Head();

    [GeneratedRegex(@"[$-]|#(?<number>\d+)(?<percent>;2;\d+;\d+;\d+)?|(?:!(?<run>\d+))?(?<sign>[?-~])")]
    private static partial Regex Parts();
}
