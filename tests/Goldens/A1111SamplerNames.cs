using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Samplers and schedules by the names that AUTOMATIC1111 has for them, and the sigmas and timesteps that each sampler gets.</summary>
static class A1111SamplerNames
{
    static readonly NoiseSchedule noise = NoiseSchedule.From(new SchedulerConfig(), doubles: true);

    public static void Samplers(GoldenCase c)
    {
        var got = WebUiSamplers.All.Select(sampler => $"{sampler.Label}: {string.Join(", ", sampler.Aliases)}; {Options(sampler)}");
        Assert.Equal(c["result"].EnumerateArray().Select(wanted => $"{Text(wanted, "label")}: {Joined(wanted, "aliases")}; {Options(wanted)}"), got);
    }

    public static void Schedulers(GoldenCase c)
    {
        var got = WebUiSchedules.All.Select(schedule =>
            (schedule.Name, schedule.Label, string.Join(", ", schedule.Aliases), schedule.Rho ?? -1, schedule.NeedsTable));
        var wanted = c["result"].EnumerateArray().Select(one => (Text(one, "name"), Text(one, "label"), Joined(one, "aliases"),
            one.GetProperty("default_rho").GetDouble(), one.GetProperty("need_inner_model").GetBoolean()));
        Assert.Equal(wanted, got);
    }

    public static void Resolve(GoldenCase c)
    {
        var (sampler, schedule) = (c["sampler"].GetString(), c["scheduler"].GetString());
        Assert.Equal(Pair(c["result"].GetProperty("used")), WebUiSamplers.Resolve(sampler, schedule));
        Assert.Equal(Pair(c["result"].GetProperty("shown")), WebUiSamplers.Resolve(sampler, schedule, asShown: true));
    }

    public static void Hires(GoldenCase c)
    {
        var fields = c["fields"].EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetString()!);
        Assert.Equal(Pair(c["result"]), WebUiSamplers.ResolveHires(fields));
    }

    public static void Sigmas(GoldenCase c)
    {
        var got = WebUiSigmas.Of(Sampler(c), WebUiSamplers.Automatic, SigmaTable.Of(noise), c["steps"].GetInt32());
        c.AssertClose(tensor(got.Sigmas.ToArray()), tensor(c["sigmas"].EnumerateArray().Select(sigma => sigma.GetDouble()).ToArray()), "sigmas");
        Assert.Equal(c["text"].EnumerateObject().Select(field => (field.Name, field.Value.ToString())), got.Text.Select(field => (field.Key, field.Value)));
    }

    public static void Timesteps(GoldenCase c) => Assert.Equal(
        c["timesteps"].EnumerateArray().Select(timestep => timestep.GetInt32()),
        WebUiSigmas.Timesteps(Sampler(c), noise.Count, c["steps"].GetInt32()));

    // By its own name: the lookup takes another where there is none.
    static WebUiSampler Sampler(GoldenCase c)
    {
        var sampler = WebUiSamplers.Named(c["sampler"].GetString()!);
        Assert.Equal(c["sampler"].GetString(), sampler.Label);
        return sampler;
    }

    static string Options(WebUiSampler sampler)
    {
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (sampler.Schedule is { } schedule) options["scheduler"] = schedule;
        if (sampler.Solver is { } solver) options["solver_type"] = solver;
        foreach (var (name, isSet) in new[]
        {
            ("discard_next_to_last_sigma", sampler.DiscardsPenultimate), ("second_order", sampler.IsSecondOrder),
            ("uses_ensd", sampler.UsesEnsd), ("brownian_noise", sampler.DrawsFromTree),
        })
            if (isSet) options[name] = "True";
        return string.Join(", ", options);
    }

    static string Options(JsonElement wanted) => string.Join(", ", new SortedDictionary<string, string>(
        wanted.GetProperty("options").EnumerateObject().ToDictionary(option => option.Name, option => option.Value.ToString()), StringComparer.Ordinal));

    static string Joined(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Array } list
        ? string.Join(", ", list.EnumerateArray().Select(one => one.GetString()))
        : "";

    static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    static (string, string) Pair(JsonElement json) => (json[0].GetString()!, json[1].GetString()!);
}
