using Lowrank.Diffusion;

namespace Lowrank.Cli;

/// <summary>The options of a second pass at a larger size.</summary>
static class HiresArguments
{
    static readonly HiresOptions usual = new(1);

    /// <summary>Makes them.</summary>
    public static OptionalPart<HiresOptions> Make() => new(usual, "says how a second pass is drawn: ask for one", new()
    {
        {
            new Option<double>("--hires")
            {
                HelpName = "SCALE",
                Description = "draw a second pass, so many times as large: 1.5, 2",
            },
            (hires, scale) => hires with { Scale = scale }
        },
        {
            new Option<double>("--hires-strength")
            {
                HelpName = "SHARE",
                Description = "how much of the first pass is made anew, above 0 to 1",
                DefaultValueFactory = _ => usual.Strength,
            },
            (hires, share) => hires with { Strength = share }
        },
        {
            UpscalerOption(),
            (hires, name) => hires with { Upscaler = HiresUpscaler.Named(name!) }
        },
        {
            new Option<int?>("--hires-steps") { HelpName = "N", Description = "its steps (default: as many as the first)" },
            (hires, steps) => hires with { Steps = steps }
        },
        {
            Named("--hires-sampler", "its sampler (default: the first's)", Samplers.All.Select(one => one.Name), SamplerLabel.Read),
            (hires, name) => name is null ? hires : Sampled(hires, SamplerLabel.Read(name))
        },
        {
            Named("--hires-schedule", "its schedule (default: the first's that is typed, else its sampler's own)",
                Schedules.All.Select(one => one.Name), Schedules.Named),
            (hires, name) => name is null ? hires : hires with { Schedule = Schedules.Named(name).Name }
        },
        {
            new Option<string>("--hires-prompt") { HelpName = "TEXT", Description = "its prompt (default: the first's)" },
            (hires, text) => hires with { Prompt = text }
        },
    });

    static Option<string> Named(string name, string description, IEnumerable<string> names, Func<string, object> find)
    {
        var option = new Option<string>(name) { HelpName = "NAME", Description = description };
        option.AcceptNames(names, find);
        return option;
    }

    // Old labels carry the schedule: "Heun Karras".
    static HiresOptions Sampled(HiresOptions hires, SamplerLabel label) => hires with
    {
        Sampler = Samplers.Named(label.Sampler).Name,
        Schedule = label.Schedule is { } inside ? Schedules.Named(inside).Name : hires.Schedule,
    };

    static Option<string> UpscalerOption()
    {
        string[] pictures = [.. Upscalers.All.Select(one => one.Name)];
        var option = new Option<string>("--hires-upscaler")
        {
            HelpName = "NAME",
            Description = $"of the latents: {string.Join(", ", LatentScaling.Modes)}; of the picture: {string.Join(", ", pictures)}; " +
                "or as AUTOMATIC1111 calls them",
            DefaultValueFactory = _ => usual.Upscaler,
        };
        option.AcceptNames([.. LatentScaling.Modes, .. pictures], HiresUpscaler.Named);
        return option;
    }
}
