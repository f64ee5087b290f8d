namespace Lowrank.Diffusion;

/// <summary>How AUTOMATIC1111 changes the noise of a seed ("Extra" beside its seed).</summary>
public sealed record SeedVariation
{
    /// <summary>Nothing changed.</summary>
    public static SeedVariation None { get; } = new();

    /// <summary>The seeds whose noise is mixed in, one per picture of the batch; 0 for those beyond its end.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [];

    /// <summary>Share of their noise: 0 for none, 1 for theirs alone.</summary>
    public double Strength { get; init; }

    /// <summary>
    /// The size in pixels whose noise is drawn and laid in the middle of the picture's own, so that a seed gives a like picture at another
    /// size; null for none.
    /// </summary>
    public (int Width, int Height)? ResizeFrom { get; init; }

    /// <summary>
    /// Added to the seeds of all draws after the first ("Eta noise seed delta", ENSD), whose generators then begin anew; 0 leaves them.
    /// </summary>
    public long SeedDelta { get; init; }

    /// <summary>Pixels of a latent's side, whatever the model: sizes of <see cref="ResizeFrom"/> are multiples of it.</summary>
    public const int Factor = 8;

    /// <summary>Whether a size is one that <see cref="ResizeFrom"/> draws as it stands.</summary>
    public static bool IsSize((int Width, int Height) size) =>
        size is { Width: >= Factor, Height: >= Factor } && size.Width % Factor == 0 && size.Height % Factor == 0;

    /// <summary>Whether anything is changed.</summary>
    public bool Changes => Fields.Any();

    /// <summary>What changes something, as messages name it: "`variation strength`".</summary>
    public IEnumerable<string> Fields
    {
        get
        {
            if (Strength != 0) yield return "`variation strength`";
            if (ResizeFrom is not null) yield return "`seed resize`";
            if (SeedDelta != 0) yield return "`ensd`";
        }
    }

    /// <summary>The same for a part of the pictures; a single seed is for all of them.</summary>
    /// <param name="pictures">Their numbers.</param>
    public SeedVariation For(IReadOnlyList<int> pictures) => Seeds.Count == 0
        ? this
        : this with { Seeds = [.. pictures.Select(picture => Seeds[Seeds.Count == 1 ? 0 : picture])] };
}
