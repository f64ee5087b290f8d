using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options of a second pass at a larger size.</summary>
sealed class HiresArguments
{
    readonly Option<double?> scale = new("--hires")
    {
        HelpName = "SCALE",
        Description = "draw a second pass, so many times as large: 1.5, 2",
    };

    readonly Option<double> strength = new("--hires-strength")
    {
        HelpName = "SHARE",
        Description = "how much of the first pass is made anew, above 0 to 1",
        DefaultValueFactory = _ => 0.7,
    };

    readonly Option<string> upscaler = new("--hires-upscaler")
    {
        HelpName = "NAME",
        Description = $"of the latents: {string.Join(", ", LatentScaling.Modes)}; of the picture: " +
            string.Join(", ", Upscalers.All.Select(one => one.Name)),
        DefaultValueFactory = _ => "bilinear",
    };

    readonly Option<int?> steps = new("--hires-steps") { HelpName = "N", Description = "its steps (default: as many as the first)" };
    readonly Option<string> sampler = new("--hires-sampler") { HelpName = "NAME", Description = "its sampler (default: the first's)" };
    readonly Option<string> prompt = new("--hires-prompt") { HelpName = "TEXT", Description = "its prompt (default: the first's)" };

    /// <summary>The one that asks for it.</summary>
    public Option Scale => scale;

    /// <summary>All of them.</summary>
    public Option[] All => [scale, strength, upscaler, steps, sampler, prompt];

    /// <summary>What a call asks for; null where it asks for none.</summary>
    /// <exception cref="LowrankException">It says how a second pass is drawn, and asks for none.</exception>
    public HiresOptions? Of(ParseResult result)
    {
        if (result.GetValue(scale) is not { } factor)
        {
            var alone = All.Skip(1).FirstOrDefault(option => result.GetResult(option) is { Implicit: false });
            return alone is null ? null
                : throw new LowrankException($"{alone.Name} says how a second pass is drawn: ask for one with --hires.");
        }
        return new(factor, result.GetValue(strength))
        {
            Upscaler = result.GetRequiredValue(upscaler),
            Steps = result.GetValue(steps),
            Sampler = result.GetValue(sampler) is { } name ? Samplers.Named(SamplerLabel.Read(name).Sampler).Name : null,
            Prompt = result.GetValue(prompt),
        };
    }
}
