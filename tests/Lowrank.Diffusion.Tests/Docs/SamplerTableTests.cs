using Lowrank.Testing;

namespace Lowrank.Diffusion.Tests;

/// <summary>The tables of docs/samplers.md: every sampler and every schedule, from their one declaration.</summary>
public sealed class SamplerTableTests
{
    [Fact]
    public void ThePageTellsEverySampler()
    {
        const string head = "| `--sampler` | AUTOMATIC1111 | ComfyUI | diffusers | order | calls a step | fresh noise | schedule | heeds |\n"
            + "|---|---|---|---|---|---|---|---|---|\n";
        WrittenPage.Check("docs/samplers.md", "samplers", head + string.Concat(Samplers.All.Select(Row)));
    }

    [Fact]
    public void ThePageTellsEverySchedule()
    {
        const string head = "| `--schedule` | called | AUTOMATIC1111 | ComfyUI |\n|---|---|---|---|\n";
        WrittenPage.Check("docs/samplers.md", "schedules", head + string.Concat(Schedules.All.Select(Row)));
    }

    static string Row(SamplerDescriptor sampler)
    {
        string calls = sampler.FindsItsSteps ? "as it likes" : $"{sampler.CallsPerStep}";
        string distilled = sampler.IsForDistilled ? " ●" : "";
        string[] cells =
        [
            $"`{sampler.Name}`{distilled}", sampler.WebUi?.Label ?? "", Codes(sampler.ComfyNames), Codes(sampler.Scheduler), $"{sampler.Order}", calls,
            Noise(sampler), Schedules.Named(sampler.DefaultSchedule).Name, string.Join(", ", sampler.OptionNames),
        ];
        return $"| {string.Join(" | ", cells)} |\n";
    }

    static string Row(Schedule schedule)
    {
        var webUi = WebUiSchedules.All.FirstOrDefault(one => one.Schedule == schedule.Name);
        var comfy = ComfySigmas.Names.Where(name => ComfySigmas.OurName(name) == schedule.Name);
        return $"| `{schedule.Name}` | {schedule.Label} | {webUi?.Label} | {Codes([.. comfy])} |\n";
    }

    static string Noise(SamplerDescriptor sampler) => sampler switch
    {
        { DrawsFromTree: true } => "from a Brownian tree",
        { IsStochastic: true } => "yes",
        _ => "",
    };

    static string Codes(params IReadOnlyList<string?> names) => string.Join(" ", names.Where(name => name is not null).Select(name => $"`{name}`"));
}
