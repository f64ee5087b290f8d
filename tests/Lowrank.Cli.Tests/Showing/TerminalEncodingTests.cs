using Lowrank.Diffusion;
using System.Text.RegularExpressions;

namespace Lowrank.Cli.Tests;

/// <summary>What is written for a terminal is read back to the picture.</summary>
public partial class TerminalEncodingTests
{
    static Picture Made(int width, int height, int colours = 1 << 24)
    {
        var pixels = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++)
        {
            int colour = (int)((uint)(i * 2654435761L) % (uint)colours) * (0xffffff / Math.Max(colours - 1, 1));
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = ((byte)(colour >> 16), (byte)(colour >> 8), (byte)colour);
        }
        return new(width, height, pixels);
    }

    static byte[] PixelsOf(string base64)
    {
        using var folder = new Lowrank.Testing.TemporaryFolder();
        string path = folder["shown.png"];
        File.WriteAllBytes(path, Convert.FromBase64String(base64));
        return PictureFile.Read(path).Pixels;
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(61, 97)]
    public void KittyGetsAPngInPieces(int width, int height)
    {
        var pieces = KittyPieces().Matches(TerminalEncodings.Kitty.Encode(Made(width, height)));

        Assert.StartsWith("a=T,f=100,q=2,m=", pieces[0].Groups[1].Value);
        Assert.All(pieces.Skip(1), piece => Assert.Matches("^m=[01]$", piece.Groups[1].Value));
        Assert.All(pieces, (piece, i) => Assert.EndsWith(i == pieces.Count - 1 ? "m=0" : "m=1", piece.Groups[1].Value));
        Assert.All(pieces, piece => Assert.InRange(piece.Groups[2].Length, 1, 4096));
        Assert.Equal(Made(width, height).Pixels, PixelsOf(string.Concat(pieces.Select(piece => piece.Groups[2].Value))));
    }

    [Fact]
    public void ITermGetsAPngWithItsSize()
    {
        var match = ITermFile().Match(TerminalEncodings.ITerm.Encode(Made(20, 11)));

        Assert.Equal(("20", "11"), (match.Groups[2].Value, match.Groups[3].Value));
        Assert.Equal(int.Parse(match.Groups[1].Value), Convert.FromBase64String(match.Groups[4].Value).Length);
        Assert.Equal(Made(20, 11).Pixels, PixelsOf(match.Groups[4].Value));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 6, 2)]
    [InlineData(40, 23, 5)]
    [InlineData(64, 64, 256)]
    public void SixelsOfFewColoursHoldEachPixel(int width, int height, int colours)
    {
        var picture = Made(width, height, colours);
        var got = Sixels.Decode(TerminalEncodings.Sixel.Encode(picture));

        Assert.Equal((width, height), (got.Width, got.Height));
        // Sixels tell colours in percent.
        Assert.All(picture.Pixels.Zip(got.Pixels), pair => Assert.InRange(pair.First - pair.Second, -2, 2));
    }

    [Fact]
    public void ManyColoursBecomeTheNearestOf256()
    {
        var picture = Made(80, 60);
        var palette = ColourPalette.Of(picture);

        Assert.Equal(256, palette.Colours.Count);
        Assert.Equal(256, palette.Indices.Distinct().Count());
        double error = palette.Indices.Select((index, i) => (double)Math.Abs(palette.Colours[index].Red - picture.Pixels[3 * i])).Average();
        Assert.InRange(error, 0, 20);
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(3, 7)]
    public void HalfBlocksHoldTwoPixelsEach(int width, int height)
    {
        var picture = Made(width, height);
        var lines = TerminalEncodings.Blocks.Encode(picture).TrimEnd('\n').Split('\n');

        Assert.Equal((height + 1) / 2, lines.Length);
        Assert.All(lines, line => Assert.EndsWith("\e[0m", line));
        var got = lines.SelectMany(BlocksOf).ToList();
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                var (upper, lower) = got[y / 2 * width + x];
                var pixel = picture.Pixels.AsSpan(3 * (y * width + x), 3);
                Assert.Equal($"{pixel[0]};{pixel[1]};{pixel[2]}", y % 2 == 0 ? upper : lower);
            }
    }

    static IEnumerable<(string Upper, string Lower)> BlocksOf(string line)
    {
        foreach (Match run in BlockRun().Matches(line))
            for (int i = 0; i < run.Groups[3].Length; i++) yield return (run.Groups[1].Value, run.Groups[2].Value);
    }

    [Fact]
    public void EachOfXtermsColoursIsNearestToItself()
    {
        for (int number = 16; number < 256; number++) Assert.Equal(XtermColours.Of(number), XtermColours.Of(XtermColours.NearestTo(XtermColours.Of(number))));
        Assert.Equal(196, XtermColours.NearestTo(new(250, 5, 5)));
        Assert.Contains("38;5;196", TerminalEncodings.FewColours.Encode(Picture.Filled(1, 1, 255, 0, 0)));
    }

    [Theory]
    [InlineData("blocks", 40, 12)]
    [InlineData("sixel", 10, 5)]
    [InlineData("kitty", 1, 1)]
    public void ALargePictureIsShrunkToTheTerminalAndASmallOneIsNotEnlarged(string way, int columns, int lines)
    {
        int width = 0, height = 0;
        var encoding = TerminalEncodings.All.First(one => one.Name == way) with { Encode = picture => $"{(width, height) = (picture.Width, picture.Height)}" };

        PictureShow.Text(Made(900, 300), encoding, (columns, lines));
        Assert.InRange(width, 1, Math.Max(columns - 1, 1) * encoding.CellWidth);
        Assert.InRange(height, 1, lines * encoding.CellHeight);
        PictureShow.Text(Made(1, 1), encoding, (columns, lines));
        Assert.Equal((1, 1), (width, height));
    }

    [GeneratedRegex(@"\e_G([^;]*);([^\e]*)\e\\")]
    private static partial Regex KittyPieces();

    [GeneratedRegex(@"^\e]1337;File=inline=1;size=(\d+);width=(\d+)px;height=(\d+)px:([^\a]+)\a\n$")]
    private static partial Regex ITermFile();

    [GeneratedRegex(@"\e\[38;2;([\d;]+?);(?:48;2;([\d;]+)|49)m(▀+)")]
    private static partial Regex BlockRun();
}
