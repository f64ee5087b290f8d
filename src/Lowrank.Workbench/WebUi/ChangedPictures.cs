namespace Lowrank.Workbench;

/// <summary>Pictures that are changed, whole or in part.</summary>
public sealed record ChangedPictures
{
    /// <summary>What pictures' texts tell of a mask that is turned round, and of one whose part is drawn alone.</summary>
    internal const string NotMaskedLabel = "Inpaint not masked", OnlyMaskedLabel = "Only masked";

    /// <summary>One for all, or one for each picture of the batch.</summary>
    public IReadOnlyList<AlphaPicture> Pictures { get; init; } = [];

    /// <summary>0 stretch, 1 crop, 2 fill, 3 stretch the latents.</summary>
    public int ResizeMode { get; init; }

    /// <summary>Where to change: white, or opaque; null changes the whole.</summary>
    public AlphaPicture? Mask { get; init; }

    /// <summary>σ of the mask's blur, across and down.</summary>
    public (int Across, int Down) MaskBlur { get; init; } = (4, 4);

    /// <summary>Whether the mask counts as all or nothing.</summary>
    public bool MaskRound { get; init; } = true;

    /// <summary>What lies under the mask to begin with.</summary>
    public MaskedContent Fill { get; init; }

    /// <summary>Whether the masked part is cut out, drawn at the whole size and pasted back.</summary>
    public bool OnlyMasked { get; init; } = true;

    /// <summary>Pixels around that part.</summary>
    public int Padding { get; init; }

    /// <summary>Whether what is not masked is changed.</summary>
    public bool Inverts { get; init; }

    /// <summary>Factor of the noise; null is what the settings say.</summary>
    public double? NoiseMultiplier { get; init; }

    /// <summary>Whether latents are stretched, rather than the picture brought to the size.</summary>
    internal bool StretchesLatents => ResizeMode == 3;

    /// <summary>How masks come to the size: they have no latents, and any other mode than the first two fills.</summary>
    internal PictureFit MaskFit => ResizeMode is 0 or 1 ? (PictureFit)ResizeMode : PictureFit.Fill;
}
