using System.Security.Cryptography;
using NetVips;
using Lowrank.Formats;

namespace Lowrank.Diffusion;

/// <summary>Text drawn black on white, in the font that comes with the program: a machine without fonts draws it, too.</summary>
public static class Label
{
    static readonly Lazy<string> fontFile = new(ExtractFont);

    /// <summary>The text, wrapped at <paramref name="width"/> pixels, as small as it can be.</summary>
    /// <param name="text">Plain text; line breaks are kept.</param>
    /// <param name="width">Widest it may be.</param>
    /// <param name="size">Height of the font in pixels.</param>
    /// <param name="centred">Whether its lines are centred rather than set left.</param>
    public static Picture Draw(LabelText text, int width, int size = 14, bool centred = false)
    {
        if (text.IsBlank) return Picture.Filled(1, 1, 255, 255, 255);
        string markup = string.Join('\n', text.Lines.Select(line => Markup(line, width, size)));
        using var ink = Ink(markup, size, width, centred ? Enums.Align.Centre : Enums.Align.Low);
        byte[] coverage = ink.WriteToMemory<byte>();
        int fits = Math.Min(ink.Width, width);
        var label = Picture.Filled(fits, ink.Height, 255, 255, 255);
        for (int y = 0; y < ink.Height; y++)
            for (int x = 0; x < fits; x++)
                label.Pixels.AsSpan(3 * (y * fits + x), 3).Fill((byte)(255 - coverage[y * ink.Width + x]));
        return label;
    }

    /// <summary>Pixels across of a text on one line.</summary>
    public static int WidthOf(string text, int size = 14)
    {
        if (string.IsNullOrWhiteSpace(text)) return 0;
        using var ink = Ink(Escape(text), size);
        return ink.Width;
    }

    static Image Ink(string markup, int size, int? width = null, Enums.Align align = Enums.Align.Low) => Image.Text(
        markup, font: $"DejaVu Sans {size}", width: width, align: align, dpi: 72, fontfile: fontFile.Value, wrap: Enums.TextWrap.WordChar);

    static string Markup(LabelLine line, int width, int size)
    {
        string text = Escape(LabelBreaks.Mark(line.Text, piece => WidthOf(piece, size) <= width));
        return line.IsStruck ? $"<span alpha='45%' strikethrough='true'>{text}</span>" : text;
    }

    // Pango takes the text as markup.
    static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    // libvips wants a file. It is named after its content, so that programs of several versions can share the folder; a file of that name
    // that holds something else is somebody else's, and left alone.
    static string ExtractFont()
    {
        using var resource = typeof(Label).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        string name = $"lowrank-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}";
        string path = Path.Combine(Path.GetTempPath(), name + ".ttf");
        if (File.Exists(path))
        {
            if (File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes)) return path;
            path = Path.Combine(Path.GetTempPath(), $"{name}-{Guid.NewGuid():n}.ttf");
        }
        AtomicFile.Write(path, stream => stream.Write(bytes));
        return path;
    }
}
