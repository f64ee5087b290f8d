namespace Lowrank.Workbench;

/// <summary>An adapter that is to be used, with its strength.</summary>
/// <param name="Path">The file, or PEFT's folder.</param>
/// <param name="Strength">Multiplier; 1 is as trained, 0 does nothing, negative turns it round.</param>
public record AdapterChoice(string Path, double Strength = 1)
{
    /// <summary>The same with another strength, in all of it.</summary>
    public virtual AdapterChoice WithStrength(double strength) => this with { Strength = strength };

    /// <summary>Whether its strength lets it change nothing.</summary>
    internal virtual bool IsIdle => Strength == 0 && !IsAxis;

    /// <summary>Whether it is a value of a grid's axis, where 0 was asked for beside others.</summary>
    internal bool IsAxis { get; init; }

    /// <summary>A sentence on each that changes nothing, or far more than it was trained to.</summary>
    internal static IEnumerable<string> Idle(IEnumerable<AdapterChoice> choices)
    {
        foreach (var choice in choices)
            if (choice.IsIdle) yield return $"{choice.Path} has strength 0 and changes nothing";
            else if (Math.Abs(choice.Strength) > Strong)
                yield return $"{choice.Path} has strength {PlainValue.Text(choice.Strength)}, so many times what was trained";
    }

    // Beyond what users of any program turn an adapter up to.
    const double Strong = 100;

    /// <summary>A sentence on each file that is given more than once.</summary>
    internal static IEnumerable<string> Repeated(IEnumerable<AdapterChoice> choices) =>
        from place in choices.GroupBy(choice => FileKind.IdentityOf(choice.Path))
        where place.Count() > 1
        select $"{place.First().Path} is given {place.Count()} times, and each of them counts";
}
