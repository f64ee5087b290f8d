namespace Lowrank.Diffusion;

/// <summary>A sampler's name with the schedule that may stand in it, as web UIs before 1.9 wrote it: "DPM++ 2M Karras".</summary>
/// <param name="Sampler">The sampler's name or label.</param>
/// <param name="Schedule">The schedule's label; null where none stands in it.</param>
public sealed record SamplerLabel(string Sampler, string? Schedule)
{
    /// <summary>Takes a label apart. Large letters make no difference; of "Euler SGM Uniform" the schedule is "SGM Uniform".</summary>
    /// <exception cref="LowrankException">There is no such sampler; the nearest names are given.</exception>
    public static SamplerLabel Read(string text)
    {
        var (sampler, schedule) = Parted(text);
        _ = Samplers.Named(sampler);
        return new(sampler, schedule?.Label);
    }

    /// <summary>The sampler of a name or a label, whatever schedule stands in it.</summary>
    /// <inheritdoc cref="Read"/>
    public static SamplerDescriptor SamplerOf(string text) => Samplers.Named(Read(text).Sampler);

    // The longest schedule at its end, after a blank; none where the whole is a sampler's name.
    static (string Sampler, Schedule? Schedule) Parted(string text)
    {
        if (Samplers.TryNamed(text, out _)) return (text, null);
        var (ending, schedule) = Schedules.All
            .SelectMany(one => new[] { (" " + one.Label, one), (" " + one.Name, one) })
            .Where(one => text.EndsWith(one.Item1, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(one => one.Item1.Length).FirstOrDefault();
        return schedule is null ? (text, null) : (text[..^ending.Length], schedule);
    }
}
