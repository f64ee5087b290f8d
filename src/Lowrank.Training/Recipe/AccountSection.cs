using Field = Lowrank.Training.SectionField<Lowrank.Training.AccountSection>;

namespace Lowrank.Training;

/// <summary>What becomes of what is given and is not used.</summary>
public sealed record AccountSection
{
    /// <summary>Whether a run is refused where something given would not be used as it stands.</summary>
    public bool Strict { get; init; }

    /// <summary>Its fields.</summary>
    public static IReadOnlyList<RecipeField> Fields { get; } =
    [
        Field.Switch("strict", "Refuse to train where a picture, a caption or a setting that is given would not be used as it stands",
            s => s.Strict, (s, v) => s with { Strict = v }) with
        {
            MayChange = true,
        },
    ];
}
