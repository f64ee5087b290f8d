namespace Lowrank.Workbench;

/// <summary>Pictures that are changed, whole or in part.</summary>
public sealed record ChangedPictures
{
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

    /// <summary>What lies under the mask to begin with: 0 its surroundings' colours, 1 the original, 2 noise, 3 nothing.</summary>
    public int Fill { get; init; }

    /// <summary>Whether the masked part is cut out, drawn at the whole size and pasted back.</summary>
    public bool OnlyMasked { get; init; } = true;

    /// <summary>Pixels around that part.</summary>
    public int Padding { get; init; }

    /// <summary>Whether what is not masked is changed.</summary>
    public bool Inverts { get; init; }

    /// <summary>Factor of the noise; null is what the settings say.</summary>
    public double? NoiseMultiplier { get; init; }
}
