using System.Text;
using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>A picture by kitty's graphics protocol: a PNG in base64, in pieces, to which the terminal is told not to answer.</summary>
/// <remarks>Source: sw.kovidgoyal.net/kitty/graphics-protocol.</remarks>
static class KittyPicture
{
    // Longest piece that the protocol allows.
    const int Piece = 4096;

    public static string Encode(Picture picture)
    {
        string data = Convert.ToBase64String(PictureFile.PngBytes(picture));
        var text = new StringBuilder();
        for (int at = 0; at < data.Length; at += Piece)
        {
            string keys = at == 0 ? "a=T,f=100,q=2," : "";
            int more = at + Piece < data.Length ? 1 : 0;
            text.Append("\e_G").Append(keys).Append("m=").Append(more).Append(';');
            text.Append(data.AsSpan(at, Math.Min(Piece, data.Length - at))).Append("\e\\");
        }
        return text.Append('\n').ToString();
    }
}
