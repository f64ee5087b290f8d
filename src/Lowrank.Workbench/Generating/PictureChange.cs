namespace Lowrank.Workbench;

/// <summary>A picture that is to be changed, whole or in part.</summary>
/// <param name="Picture">Its file.</param>
/// <param name="Strength">How much is made anew, above 0 to 1.</param>
public sealed record PictureChange(string Picture, double Strength = 0.75)
{
    /// <summary>A picture that is white, or opaque, where it is to be changed; null changes the whole.</summary>
    public string? Mask { get; init; }

    /// <summary>σ of the mask's blur in pixels.</summary>
    public int MaskBlur { get; init; } = 4;

    /// <summary>Whether what is not masked is changed.</summary>
    public bool Inverts { get; init; }

    /// <summary>Whether the masked part is cut out, drawn at the whole size and pasted back.</summary>
    public bool OnlyMasked { get; init; }

    /// <summary>Pixels around that part.</summary>
    public int Padding { get; init; } = 32;

    /// <summary>What lies under the mask to begin with.</summary>
    public MaskedContent Content { get; init; } = MaskedContent.Original;

    /// <summary>By how much the picture grows; its new part is masked. Null leaves it as large as it is.</summary>
    public Outpainting? Outpaint { get; init; }

    /// <summary>How a picture of another form comes to the size.</summary>
    public PictureFit Fit { get; init; } = PictureFit.Stretch;

    /// <summary>What cannot be done of it.</summary>
    internal IEnumerable<string> Faults()
    {
        if (!(Strength is > 0 and <= 1)) yield return $"`strength` is {PlainValue.Text(Strength)}; it must be above 0, up to 1.";
        if (MaskBlur < 0) yield return $"`mask blur` is {MaskBlur}; it must be 0 or more.";
        if (Padding < 0) yield return $"`padding` is {Padding}; it must be 0 or more.";
        if (Mask is null && Outpaint is null && MaskUses() is { Length: > 0 } uses)
            yield return $"{string.Join(" and ", uses)} {(uses.Length == 1 ? "says" : "say")} how a mask is used: give one with `mask`.";
        if (Inverts && Outpaint is not null)
            yield return "`invert mask` would keep what `outpaint` adds. Leave one of them out, or give the mask inverted.";
    }

    string[] MaskUses() =>
    [
        .. Inverts ? ["`invert mask`"] : Array.Empty<string>(),
        .. OnlyMasked ? ["`only masked`"] : Array.Empty<string>(),
        .. Content != MaskedContent.Original ? ["`fill`"] : Array.Empty<string>(),
    ];

    /// <summary>The files that are read.</summary>
    internal IEnumerable<string> Files => Mask is null ? [Picture] : [Picture, Mask];

    // Pixels of a side above which nobody means to draw a picture at its own size.
    const int MostOwnSide = 4096;

    /// <summary>Finds out whether its own size is one that is drawn, where no other is asked for.</summary>
    /// <exception cref="LowrankException">It is larger; the size and what to type are told.</exception>
    internal void CheckOwnSize()
    {
        var (width, height) = PictureFile.ReadSize(Picture);
        if (width > MostOwnSide || height > MostOwnSide)
            throw new LowrankException($"{Picture} has {width}x{height} pixels, more than are drawn unasked ({MostOwnSide} a side). " +
                "Say how large it is drawn, with `width` and `height`.");
    }

    /// <summary>The pictures, read.</summary>
    internal ChangedPictures Read() => new()
    {
        Pictures = [PictureFile.ReadWithAlpha(Picture)],
        Mask = Mask is null ? null : PictureFile.ReadWithAlpha(Mask),
        MaskBlur = (MaskBlur, MaskBlur),
        Inverts = Inverts,
        OnlyMasked = OnlyMasked,
        Padding = Padding,
        Fill = Content,
        ResizeMode = (int)Fit,
    };

    /// <summary>What this says of pictures that are given, in fields of their texts beside those that AUTOMATIC1111 writes.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Fields()
    {
        if (Outpaint is { } margins) yield return new(OutpaintField, margins.Text);
        if (Fit != PictureFit.Stretch) yield return new(FitField, Fit.ToString());
        if (MaskedContents.IsOfLatents(Content)) yield return new(MaskedContents.Field, MaskedContents.LabelOf(Content));
        bool isMasked = Mask is not null || Outpaint is not null;
        if (isMasked && MaskBlur == 0) yield return new(BlurField, "0");
    }

    /// <summary>Names of fields.</summary>
    internal const string OutpaintField = "Outpaint", FitField = "Fit", BlurField = InfoLabel.MaskBlur;
}
