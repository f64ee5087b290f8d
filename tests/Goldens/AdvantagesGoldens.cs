using System.Text.Json;
using Lowrank.Testing;
using Lowrank.Training;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Advantages of rewards by TRL: of one function and several, weighted, clipped, with answers that nobody scored.</summary>
public sealed class AdvantagesGoldens
{
    const string Group = "training/preference/advantages";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Advantage(string name) => Golden.Run(Group, name, c =>
    {
        var config = c["config"];
        var rewards = c["inputs"].GetProperty("rewards").EnumerateArray().Select(Scores).ToList();
        var got = Advantages.Of(rewards, config.GetProperty("num_generations").GetInt32(), Options(config));
        double[] expected = [.. c["expected"].GetProperty("advantages").EnumerateArray().Select(value => value.GetDouble())];
        c.AssertClose(tensor(got.Advantages.ToArray()), tensor(expected), "advantages");
        ObjectiveGoldens.AssertMetrics(c, c["expected"].GetProperty("metrics"), got.Metrics);
    });

    static IReadOnlyList<double?> Scores(JsonElement one) =>
        [.. one.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : (double?)null)];

    static AdvantageOptions Options(JsonElement config) => new()
    {
        LeavesOneOut = config.GetProperty("objective").GetString() == "rloo",
        Scaling = Scaling(config),
        NormalisesEach = config.TryGetProperty("multi_objective_aggregation", out var way) && way.GetString() == "normalize_then_sum",
        NormalisesAll = config.TryGetProperty("normalize_advantages", out var all) && all.GetBoolean(),
        Clip = config.TryGetProperty("reward_clip_range", out var clip) ? (clip[0].GetDouble(), clip[1].GetDouble()) : null,
        Weights = config.TryGetProperty("reward_weights", out var weights) ? [.. weights.EnumerateArray().Select(one => one.GetDouble())] : [],
    };

    // true and false are older words for group and none.
    static string Scaling(JsonElement config)
    {
        if (!config.TryGetProperty("scale_rewards", out var scaling)) return "group";
        return scaling.ValueKind switch { JsonValueKind.True => "group", JsonValueKind.False => "none", _ => scaling.GetString()! };
    }
}
