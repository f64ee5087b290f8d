using System.Globalization;
using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>xterm's colours 16 to 255: a cube of six levels a side, and 24 greys. The first 16 are the user's own.</summary>
/// <remarks>Source: xterm, 256colres.pl.</remarks>
static class XtermColours
{
    const int CubeStart = 16, GreyStart = 232, Greys = 24, GreyFirst = 8, GreyStep = 10;

    static readonly int[] levels = [0, 95, 135, 175, 215, 255];

    /// <summary>The parameters that select the nearest colour.</summary>
    /// <param name="what">38 for text, 48 for its ground.</param>
    /// <param name="colour">The colour.</param>
    public static string Select(int what, Colour colour) => string.Create(CultureInfo.InvariantCulture, $"{what};5;{NearestTo(colour)}");

    /// <summary>The number of the colour that is nearest by the sum of squared differences.</summary>
    public static int NearestTo(Colour colour)
    {
        int red = Level(colour.Red), green = Level(colour.Green), blue = Level(colour.Blue);
        int grey = Math.Clamp(((colour.Red + colour.Green + colour.Blue) / 3 - GreyFirst + GreyStep / 2) / GreyStep, 0, Greys - 1);
        int cube = CubeStart + 36 * red + 6 * green + blue;
        return Distance(colour, Of(GreyStart + grey)) < Distance(colour, Of(cube)) ? GreyStart + grey : cube;
    }

    /// <summary>The colour of a number from 16 on.</summary>
    public static Colour Of(int number)
    {
        if (number >= GreyStart)
        {
            byte grey = (byte)(GreyFirst + GreyStep * (number - GreyStart));
            return new(grey, grey, grey);
        }
        int place = number - CubeStart;
        return new((byte)levels[place / 36], (byte)levels[place / 6 % 6], (byte)levels[place % 6]);
    }

    static int Level(int value)
    {
        int nearest = 0;
        for (int i = 1; i < levels.Length; i++)
            if (Math.Abs(levels[i] - value) < Math.Abs(levels[nearest] - value)) nearest = i;
        return nearest;
    }

    static int Distance(Colour a, Colour b) => Square(a.Red - b.Red) + Square(a.Green - b.Green) + Square(a.Blue - b.Blue);

    static int Square(int value) => value * value;
}
