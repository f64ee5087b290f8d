namespace Lowrank.Diffusion;

/// <summary>A sampler's name with the schedule that may stand in it, as web UIs before 1.9 wrote it: "DPM++ 2M Karras".</summary>
/// <param name="Sampler">The sampler's name or label.</param>
/// <param name="Schedule">The schedule's label; null where none stands in it.</param>
public sealed record SamplerLabel(string Sampler, string? Schedule)
{
    /// <summary>Takes a label apart.</summary>
    /// <exception cref="LowrankException">There is no such sampler; the nearest names are given.</exception>
    public static SamplerLabel Read(string text)
    {
        int at = text.LastIndexOf(' ');
        string last = text[(at + 1)..];
        var schedule = at < 0 ? null : Schedules.All.FirstOrDefault(one => one.Label.Equals(last, StringComparison.OrdinalIgnoreCase));
        var label = schedule is null ? new SamplerLabel(text, null) : new SamplerLabel(text[..at], schedule.Label);
        _ = Samplers.Named(label.Sampler);
        return label;
    }
}
