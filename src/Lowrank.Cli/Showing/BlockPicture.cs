using System.Text;
using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>A picture in half blocks: each sign is two pixels, the upper one its own colour, the lower one that of its ground.</summary>
static class BlockPicture
{
    const string Reset = "\e[0m";

    /// <summary>The lines of the picture.</summary>
    /// <param name="picture">As many pixels across as there are columns, and two pixels down for each line.</param>
    /// <param name="select">The parameters that select a colour: for text (38) or ground (48).</param>
    public static string Encode(Picture picture, Func<int, Colour, string> select)
    {
        var text = new StringBuilder();
        for (int y = 0; y < picture.Height; y += 2)
        {
            string last = "";
            for (int x = 0; x < picture.Width; x++)
            {
                string ground = y + 1 < picture.Height ? select(48, At(picture, x, y + 1)) : "49";
                string colours = $"\e[{select(38, At(picture, x, y))};{ground}m";
                if (colours != last) text.Append(last = colours);
                text.Append('▀');
            }
            text.Append(Reset).Append('\n');
        }
        return text.ToString();
    }

    static Colour At(Picture picture, int x, int y)
    {
        int at = 3 * (y * picture.Width + x);
        return new(picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2]);
    }
}
