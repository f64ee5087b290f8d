using System.Text.Json;
using Lowrank.Testing;
using Lowrank.Torch;

namespace Goldens;

/// <summary>Learning rates by step, as diffusers, transformers and sd-scripts compute them.</summary>
public sealed class TrainingSchedulesGoldens
{
    const string Group = "training/schedules";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Schedule(string name) => Golden.Run(Group, name, c =>
    {
        if (c["expected"].TryGetProperty("reported_lr", out _)) throw Golden.NotCovered("a rate that the optimizer computes itself");
        var schedule = ScheduleOf(c["config"]);
        double[] want = [.. c["expected"].GetProperty("lr").EnumerateArray().Select(v => v.GetDouble())];
        for (int step = 0; step < want.Length; step++)
        {
            double got = schedule.At(step);
            Assert.True(Math.Abs(got - want[step]) <= c.Atol + c.Rtol * Math.Abs(want[step]), $"{name}: step {step} is {got:R}, expected {want[step]:R}");
        }
    });

    static LearningRateSchedule ScheduleOf(JsonElement config)
    {
        bool kohya = config.TryGetProperty("lr_scheduler", out var kohyaName);
        var descriptor = LearningRateSchedules.Named((kohya ? kohyaName : config.GetProperty("name")).GetString()!);
        int total = (int)(Number(config, "num_training_steps", "max_train_steps") ?? 1);
        double warmup = Number(config, "num_warmup_steps", "lr_warmup_steps") ?? 0;
        var given = descriptor.Read(Arguments(config, descriptor, kohya));
        return descriptor.Create(Number(config, "base_lr")!.Value, total, warmup < 1 ? (int)(warmup * total) : (int)warmup, given);
    }

    // What the peer was given and the schedule has; diffusers gives its functions more than they take.
    static IEnumerable<string> Arguments(JsonElement config, ScheduleDescriptor descriptor, bool kohya)
    {
        var given = config.EnumerateObject();
        foreach (var one in given.Concat(config.TryGetProperty("scheduler_specific_kwargs", out var extra) ? extra.EnumerateObject() : []))
        {
            bool isKnown = descriptor.Spellings.ContainsKey(one.Name) || descriptor.Arguments.Any(a => a.Name == one.Name || a.AlsoCalled.Contains(one.Name));
            if (!isKnown || one.Value.ValueKind == JsonValueKind.Null) continue;
            // sd-scripts gives half its cycles to the curves that count waves.
            yield return $"{one.Name}={one.Value}";
        }
        if (kohya && descriptor.Arguments.Any(a => a.Name == "waves")) yield return $"waves={Number(config, "lr_scheduler_num_cycles") / 2}";
    }

    static double? Number(JsonElement json, params string[] names)
    {
        if (json.ValueKind != JsonValueKind.Object) return null;
        foreach (var name in names)
            if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number) return value.GetDouble();
        return null;
    }
}
