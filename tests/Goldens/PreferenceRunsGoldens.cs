using System.Text.Json;
using Lowrank.Testing;
using Lowrank.Training;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Whole runs of TRL's trainers of preferences, and what they tell of rows that are held back.</summary>
public sealed class PreferenceRunsGoldens
{
    const string Group = "training/preference/runs";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Run(string name) => Golden.Run(Group, name, c =>
    {
        var (config, inputs, expected) = (c["config"], c["inputs"], c["expected"]);
        using var run = new PeftRun(c);
        int micro = inputs.GetProperty("micro_batches").GetInt32();
        ILanguageBatches batches = new RunBatches(c, inputs.GetProperty("batches").GetString()!["batches/".Length..], micro, config.GetProperty("pad_token_id").GetInt32());
        var objective = PreferenceLossesGoldens.ObjectiveOf(config);
        bool isCached = config.TryGetProperty("precompute_ref_log_probs", out _);
        var cache = isCached ? new ReferenceCache(batches, number => Items(batches, number, objective)) : null;
        LanguageTrainingTask TaskOf() => new(run.Model, objective, cache ?? batches, new() { Accumulation = run.Accumulation, WeighsTokens = false });
        if (config.TryGetProperty("evaluate", out _))
        {
            run.Start.Adapter.Train(false);
            AssertHeld(c, new LanguageValidation(batches, 1, weighsRows: true).Measures(TaskOf()));
            return;
        }
        var task = TaskOf();
        using var frozen = config.GetProperty("reference").GetString()?.StartsWith("copy", StringComparison.Ordinal) == true ? run.Started() : null;
        using var reference = frozen is null ? null : new FrozenReference(run.Description, frozen.Adapter);
        if (reference is not null) task.AsReference = reference.Use;
        cache?.Fill(task, (_, _) => { }, TestContext.Current.CancellationToken);
        var shown = new ShownLosses(task);
        run.Run(shown, run.Accumulation);
        c.AssertClose(tensor(shown.Losses.ToArray()), PeftRun.Row(expected, "loss"), "losses");
        foreach (var (step, metrics) in expected.GetProperty("metrics").EnumerateArray().Index()) AssertTold(c, metrics, shown.Told[step], $" of step {step + 1}");
        if (reference is not null) Assert.Equal(Math.Log(2), shown.Losses[0], 1e-6);
    });

    // A pair is one item of two rows; a batch's are no other's.
    static int[] Items(ILanguageBatches batches, long number, IObjective objective)
    {
        using var scope = NewDisposeScope();
        long rows = batches[number].Rows.Ids.shape[0], items = objective.Needs.Rows == ObjectiveRows.Pairs ? rows / 2 : rows;
        return [.. Enumerable.Range((int)number * 100, (int)items)];
    }

    static void AssertHeld(GoldenCase c, IReadOnlyDictionary<string, double> told) => AssertTold(c, c["expected"].GetProperty("metrics"), told, "");

    // Those that the peer told; its runs left some out that its losses have.
    static void AssertTold(GoldenCase c, JsonElement metrics, IReadOnlyDictionary<string, double> got, string where)
    {
        foreach (var metric in metrics.EnumerateObject())
        {
            Assert.True(got.ContainsKey(metric.Name), $"{c.Name}: {metric.Name}{where} is missing; there are {string.Join(", ", got.Keys)}");
            c.AssertClose(tensor(got[metric.Name]), tensor(ObjectiveGoldens.Number(metric.Value)), metric.Name + where);
        }
    }
}
