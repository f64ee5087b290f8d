namespace Lowrank.Workbench;

/// <summary>An adapter that a prompt's tag names, with all that the tag says of it.</summary>
/// <param name="Path">The file, or PEFT's folder.</param>
/// <param name="Tag">The tag.</param>
/// <param name="Seed">Settles weights of blocks that are left to chance.</param>
public sealed record TaggedAdapter(string Path, AdapterTag Tag, long Seed = 0) : AdapterChoice(Path, Tag.UNetStrength)
{
    readonly BlockWeights? blocks = Tag.Blocks is { } text ? BlockWeights.Read(text, Tag.BlockBase, Seed) : null;
    readonly BlockElements? elements = Tag.Elements is { } name ? BlockElements.Named(name) : null;

    /// <summary>Whether another is the same file with the same tag.</summary>
    public bool Equals(TaggedAdapter? other) => other is not null && (Path, Tag.Text, Seed) == (other.Path, other.Tag.Text, other.Seed);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, Tag.Text, Seed);

    internal override bool IsIdle => Tag.UNetStrength == 0 && Tag.TextStrength == 0 && !Tag.HasSchedules;

    /// <inheritdoc/>
    public override AdapterChoice WithStrength(double strength)
    {
        return new TaggedAdapter(Path, Tag.WithStrength(strength), Seed);
    }

    /// <summary>Whether its strength changes on the way.</summary>
    public bool FollowsSteps => Tag.Steps != default || Tag.HasSchedules;

    /// <summary>The steps at which its strength in text encoders may become another.</summary>
    /// <param name="steps">Of how many.</param>
    public IEnumerable<int> TextTurns(int steps) => Tag.TextSchedule?.Turns(steps) ?? [];

    /// <summary>The strength in text encoders, before weights of blocks.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">Of how many.</param>
    public double TextAt(int step, int steps) => Tag.TextSchedule?.At(step, steps) ?? Tag.TextStrength;

    /// <summary>A sentence on what passes of so many steps do not come to.</summary>
    /// <param name="passes">Steps of each pass.</param>
    internal IEnumerable<string> Unreached(IReadOnlyCollection<int> passes)
    {
        string walked = $"{Listing.Count(passes.Max(), "step is", "steps are")} walked";
        if (!passes.Any(steps => Enumerable.Range(0, steps).Any(Tag.Steps.Holds)))
        {
            string before = Tag.Steps.To is { } end ? $" to before step {end + 1}" : "";
            yield return $"{Path} works in the UNet from step {Tag.Steps.From + 1}{before}, and {walked}: it changes nothing there";
        }
        StrengthSchedule?[] schedules = [Tag.UNetSchedule, Tag.TextSchedule];
        foreach (string point in schedules.OfType<StrengthSchedule>().SelectMany(schedule => schedule.Unreached(passes)).Distinct())
            yield return $"{point} of {Path} is not reached: {walked}";
    }

    /// <summary>The strength at a layer.</summary>
    /// <param name="place">The layer.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">Of how many.</param>
    public double At(TargetPlace place, int step, int steps)
    {
        bool isText = place.Role == ComponentRole.TextEncoder;
        if (!isText && !Tag.Steps.Holds(step)) return 0;
        double weight = elements?.For(place.Path, place.Block) ?? blocks?.For(place.Block) ?? 1;
        return weight * (isText ? TextAt(step, steps) : Tag.UNetSchedule?.At(step, steps) ?? Tag.UNetStrength);
    }
}
