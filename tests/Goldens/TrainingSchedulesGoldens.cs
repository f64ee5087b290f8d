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
        string curve = (kohya ? kohyaName : config.GetProperty("name")).GetString()!;
        var extra = config.TryGetProperty("scheduler_specific_kwargs", out var specific) ? specific : default;
        int total = (int)(Number(config, "num_training_steps", "max_train_steps") ?? 1);
        double warmup = Number(config, "num_warmup_steps", "lr_warmup_steps") ?? 0;
        // sd-scripts' number of cycles goes to the curve with restarts alone.
        double? cycles = kohya ? Number(config, "lr_scheduler_num_cycles") : Number(config, "num_cycles") ?? Number(extra, "num_cycles");
        double power = Number(config, "power", "lr_scheduler_power") ?? Number(extra, "power") ?? 1;
        double end = Number(config, "lr_end") ?? Number(extra, "lr_end") ?? 1e-7;
        LearningRateCurve shape = curve switch
        {
            "constant" or "constant_with_warmup" => ConstantCurve.Curve,
            "linear" => LinearCurve.Curve,
            "cosine" => kohya || cycles is null ? CosineCurve.Of() : CosineCurve.Of(cycles.Value),
            "cosine_with_restarts" => RestartsCurve.Of(cycles ?? 1),
            "polynomial" => PolynomialCurve.Of(power, end),
            _ => throw Golden.NotCovered($"the schedule {curve}"),
        };
        return new(shape, Number(config, "base_lr")!.Value, total, warmup < 1 ? (int)(warmup * total) : (int)warmup);
    }

    static double? Number(JsonElement json, params string[] names)
    {
        if (json.ValueKind != JsonValueKind.Object) return null;
        foreach (var name in names)
            if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number) return value.GetDouble();
        return null;
    }
}
