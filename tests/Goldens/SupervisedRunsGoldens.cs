using System.Text.Json;
using Lowrank.Testing;
using Lowrank.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>Whole runs of TRL's trainer of given texts: filled, laid flat, packed, accumulated, on two processes, smoothed.</summary>
public sealed class SupervisedRunsGoldens
{
    const string Group = "training/sft2/runs";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Run(string name) => Golden.Run(Group, name, c =>
    {
        var (config, inputs, expected) = (c["config"], c["inputs"], c["expected"]);
        using var run = new PeftRun(c);
        bool isTwo = expected.TryGetProperty("ranks", out _);
        int micro = inputs.GetProperty("micro_batches").GetInt32(), accumulation = run.Accumulation;
        string set = inputs.GetProperty("batches").GetString()!["batches/".Length..];
        var batches = new RunBatches(c, set, micro);
        AssertCounted(expected, "num_items_in_batch", batches, accumulation, isTwo && Averages(config) ? new RunBatches(c, $"{set}.rank1", micro) : null);

        var objective = new SupervisedObjective(new(
            config.TryGetProperty("loss_type", out var form) && form.GetString() == "dft",
            config.TryGetProperty("label_smoothing_factor", out var smoothing) ? smoothing.GetDouble() : 0));
        ITrainingTask TaskOf(ILanguageBatches own) => new LanguageTrainingTask(run.Model, objective, own, new() { Accumulation = accumulation });
        if (isTwo)
        {
            TwoRanks(c, run, TaskOf, batches, new RunBatches(c, $"{set}.rank1", micro));
            return;
        }
        var task = new ShownLosses(TaskOf(batches));
        run.Run(task, accumulation);
        // A share of a step's loss is told to the loop times the step's batches.
        c.AssertClose(tensor(task.Losses.Select(loss => loss / accumulation).ToArray()), PeftRun.Row(expected, "loss"), "losses");
        foreach (string told in new[] { "entropy", "mean_token_accuracy" })
            c.AssertClose(tensor(task.Told.Select(one => one[told]).ToArray()), PeftRun.Row(expected, told), told);
    });

    static bool Averages(JsonElement config) => !config.TryGetProperty("average_tokens_across_devices", out var told) || told.GetBoolean();

    static void AssertCounted(JsonElement expected, string name, RunBatches own, int accumulation, RunBatches? other)
    {
        foreach (var (number, want) in expected.GetProperty(name).EnumerateArray().Index())
        {
            int first = number / accumulation * accumulation;
            var counted = Enumerable.Range(first, accumulation).Sum(one => own.CountedTokens(one) + (other?.CountedTokens(one) ?? 0));
            Assert.Equal(want.GetDouble(), counted);
        }
    }

    // Both in one process: gradients of two are averaged, and where tokens are counted over both, each has its loss twice.
    static void TwoRanks(GoldenCase c, PeftRun run, Func<ILanguageBatches, ITrainingTask> taskOf, RunBatches first, RunBatches second)
    {
        bool averages = Averages(c["config"]);
        ShownLosses Of(RunBatches own, RunBatches other) => new(taskOf(averages ? new SharedCount(own, other) : own));
        var ranks = new[] { Of(first, second), Of(second, first) };
        double factor = averages ? 2 : 1;
        run.Run(new Ranked(ranks, run.Accumulation, factor), 2 * run.Accumulation);
        foreach (var (rank, name) in ranks.Zip(new[] { "loss", "loss_rank1" }))
            c.AssertClose(tensor(rank.Losses.Select(loss => loss * factor / run.Accumulation).ToArray()), PeftRun.Row(c["expected"], name), name);
    }

    sealed class SharedCount(ILanguageBatches own, ILanguageBatches other) : ILanguageBatches
    {
        public int PerEpoch => own.PerEpoch;

        public LanguageExamples this[long number] => own[number];

        public double CountedTokens(long number) => own.CountedTokens(number) + other.CountedTokens(number);
    }

    sealed class Ranked(IReadOnlyList<ITrainingTask> ranks, int accumulation, double factor) : ITrainingTask
    {
        public int BatchesPerEpoch => ranks.Count * ranks[0].BatchesPerEpoch;

        public Tensor Loss(long number)
        {
            var (step, within) = Math.DivRem(number, ranks.Count * accumulation);
            var (rank, own) = Math.DivRem(within, accumulation);
            return ranks[(int)rank].Loss(step * accumulation + own) * factor;
        }
    }
}
