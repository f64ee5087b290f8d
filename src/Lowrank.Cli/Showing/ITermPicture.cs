using System.Globalization;
using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>A picture as iTerm2 shows it in a line of text: a PNG in base64.</summary>
/// <remarks>Source: iterm2.com/documentation-images.html.</remarks>
static class ITermPicture
{
    public static string Encode(Picture picture)
    {
        byte[] png = PictureFile.PngBytes(picture);
        string keys = string.Create(
            CultureInfo.InvariantCulture, $"inline=1;size={png.Length};width={picture.Width}px;height={picture.Height}px");
        return $"\e]1337;File={keys}:{Convert.ToBase64String(png)}\a\n";
    }
}
