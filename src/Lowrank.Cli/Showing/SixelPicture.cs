using System.Globalization;
using System.Text;
using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>A picture in sixels: bands of six rows, in which each sign of a colour is a column of six dots.</summary>
/// <remarks>Source: DEC VT330/VT340 Programmer Reference Manual, volume 2, chapter 14.</remarks>
static class SixelPicture
{
    const int BandHeight = 6, FirstSign = '?', ShortestRun = 4;

    public static string Encode(Picture picture)
    {
        var palette = ColourPalette.Of(picture);
        var text = new StringBuilder();
        // The ground stays as it is; dots are square; the size is told ahead.
        text.Append(CultureInfo.InvariantCulture, $"\eP0;1;0q\"1;1;{picture.Width};{picture.Height}");
        foreach (var (number, colour) in palette.Colours.Index())
            text.Append(CultureInfo.InvariantCulture, $"#{number};2;{Percent(colour.Red)};{Percent(colour.Green)};{Percent(colour.Blue)}");
        for (int top = 0; top < picture.Height; top += BandHeight) AppendBand(text, palette.Indices, picture.Width, top);
        return text.Append("\e\\\n").ToString();
    }

    // One colour after the other over the whole band.
    static void AppendBand(StringBuilder text, byte[] indices, int width, int top)
    {
        int rows = Math.Min(BandHeight, indices.Length / width - top);
        var dots = new Dictionary<byte, byte[]>();
        for (int row = 0; row < rows; row++)
            for (int x = 0; x < width; x++)
            {
                byte colour = indices[(top + row) * width + x];
                if (!dots.TryGetValue(colour, out var columns)) dots[colour] = columns = new byte[width];
                columns[x] |= (byte)(1 << row);
            }
        foreach (var (colour, columns) in dots)
        {
            text.Append('#').Append(CultureInfo.InvariantCulture, $"{colour}");
            AppendRuns(text, columns);
            text.Append('$');   // back to the band's beginning
        }
        text.Append('-');   // on to the next
    }

    static void AppendRuns(StringBuilder text, byte[] columns)
    {
        for (int x = 0; x < columns.Length;)
        {
            int run = 1;
            while (x + run < columns.Length && columns[x + run] == columns[x]) run++;
            char sign = (char)(FirstSign + columns[x]);
            x += run;
            if (run < ShortestRun) text.Append(sign, run);
            else text.Append(CultureInfo.InvariantCulture, $"!{run}{sign}");
        }
    }

    static int Percent(byte level) => (level * 100 + 127) / 255;
}
