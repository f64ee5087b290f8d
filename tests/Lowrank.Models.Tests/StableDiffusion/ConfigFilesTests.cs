using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Lowrank.Models.Tests;

public class ConfigFilesTests
{
    // Some fields are without a bound unless one is set.
    static readonly JsonSerializerOptions unbounded = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    static void ReadsAsWritten<T>(T config, Func<T, JsonObject> write, Func<string, T> read)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, ConfigFiles.Text(write(config)));
        var again = read(path);
        File.Delete(path);
        // Records compare lists by reference; as text they compare by their items.
        Assert.Equal(JsonSerializer.Serialize(config, unbounded), JsonSerializer.Serialize(again, unbounded));
    }

    public static IEnumerable<TheoryDataRow<string>> Models => [new("sd1"), new("sd2"), new("sdxl")];

    [Fact]
    public void PresetsAreReadAsWritten()
    {
        foreach (var unet in new[] { UNetConfig.Sd15, UNetConfig.Sd21, UNetConfig.Sdxl, UNetConfig.SdxlRefiner }) ReadsAsWritten(unet, ConfigFiles.Of, UNetConfig.Read);
        foreach (var vae in new[] { VaeConfig.Sd15, VaeConfig.Sd21, VaeConfig.Sdxl }) ReadsAsWritten(vae, ConfigFiles.Of, VaeConfig.Read);
        foreach (var text in new[] { ClipTextConfig.Sd15, ClipTextConfig.Sd21, ClipTextConfig.SdxlSecond }) ReadsAsWritten(text, ConfigFiles.Of, ClipTextConfig.Read);
    }

    [Theory, MemberData(nameof(Models))]
    public void FoldersAreReadAsWritten(string name)
    {
        var source = ModelSource.OfFolder(Folders.Tiny(name));
        ReadsAsWritten(source.UNet, ConfigFiles.Of, UNetConfig.Read);
        ReadsAsWritten(source.Vae, ConfigFiles.Of, VaeConfig.Read);
        foreach (var text in source.Text) ReadsAsWritten(text, ConfigFiles.Of, ClipTextConfig.Read);
        ReadsAsWritten(source.Scheduler, ConfigFiles.Of, SchedulerConfig.Read);
    }

    [Theory]
    [InlineData("DDIMScheduler")]
    [InlineData("PNDMScheduler")]
    [InlineData("EulerDiscreteScheduler")]
    [InlineData("DPMSolverMultistepScheduler")]
    public void ASchedulerKeepsWhatItsClassWouldTakeOtherwise(string name) => ReadsAsWritten(new SchedulerConfig
    {
        ClassName = name, Prediction = PredictionType.Velocity, RescaleBetasZeroSnr = true, Spacing = TimestepSpacing.Trailing, UseKarrasSigmas = true, SetAlphaToOne = true, ClipSample = true,
        SolverOrder = 3, SigmaMin = 0.1, AlgorithmType = "sde-dpmsolver++",
    }, ConfigFiles.Of, SchedulerConfig.Read);

    // Another value than any class's own for every field; what is added to the record wants a line here.
    static readonly Dictionary<string, Func<SchedulerConfig, SchedulerConfig>> others = new()
    {
        ["ClassName"] = c => c, ["TrainTimesteps"] = c => c with { TrainTimesteps = 900, OriginalInferenceSteps = 40 }, ["BetaStart"] = c => c with { BetaStart = 0.001 },
        ["BetaEnd"] = c => c with { BetaEnd = 0.013 }, ["BetaSchedule"] = c => c with { BetaSchedule = "squaredcos_cap_v2" },
        ["TrainedBetas"] = c => c with { TrainTimesteps = 3, OriginalInferenceSteps = 2, TrainedBetas = [0.1, 0.2, 0.3] }, ["StoredAlphas"] = c => c,
        ["Prediction"] = c => c with { Prediction = PredictionType.Sample }, ["RescaleBetasZeroSnr"] = c => c with { RescaleBetasZeroSnr = true },
        ["Spacing"] = c => c with { Spacing = TimestepSpacing.Trailing }, ["StepsOffset"] = c => c with { StepsOffset = 7 }, ["SetAlphaToOne"] = c => c with { SetAlphaToOne = !c.SetAlphaToOne },
        ["ClipSample"] = c => c with { ClipSample = !c.ClipSample }, ["ClipSampleRange"] = c => c with { ClipSampleRange = 2.5 }, ["Thresholding"] = c => c with { Thresholding = true },
        ["SkipPrkSteps"] = c => c with { SkipPrkSteps = true }, ["InterpolationType"] = c => c with { InterpolationType = "log_linear" },
        ["TimestepType"] = c => c with { TimestepType = "continuous" }, ["UseKarrasSigmas"] = c => c with { UseKarrasSigmas = true },
        ["UseExponentialSigmas"] = c => c with { UseExponentialSigmas = true }, ["UseBetaSigmas"] = c => c with { UseBetaSigmas = true }, ["UseLuLambdas"] = c => c with { UseLuLambdas = true },
        ["SigmaMin"] = c => c with { SigmaMin = 0.05 }, ["SigmaMax"] = c => c with { SigmaMax = 20 }, ["FinalSigmasType"] = c => c with { FinalSigmasType = "sigma_min" },
        ["LambdaMinClipped"] = c => c with { LambdaMinClipped = -5.1 }, ["UseFlowSigmas"] = c => c with { UseFlowSigmas = true },
        ["AlgorithmType"] = c => c with { AlgorithmType = "dpmsolver" }, ["SolverOrder"] = c => c with { SolverOrder = 3 }, ["SolverType"] = c => c with { SolverType = "bh2" },
        ["PredictX0"] = c => c with { PredictX0 = false }, ["DisableCorrector"] = c => c with { DisableCorrector = [0, 2] },
        ["OriginalInferenceSteps"] = c => c with { OriginalInferenceSteps = 25 }, ["TimestepScaling"] = c => c with { TimestepScaling = 8 },
        ["LowerOrderFinal"] = c => c with { LowerOrderFinal = !c.LowerOrderFinal }, ["EulerAtFinal"] = c => c with { EulerAtFinal = true },
        ["VarianceType"] = c => c with { VarianceType = "fixed_large" },
    };

    static readonly string[] classes =
    [
        "DDIMScheduler", "DDPMScheduler", "PNDMScheduler", "EulerDiscreteScheduler", "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler",
        "UniPCMultistepScheduler", "LCMScheduler", "TCDScheduler", "HeunDiscreteScheduler",
    ];

    [Fact]
    public void EveryFieldOfASchedulerIsReadAsWritten()
    {
        var fields = typeof(SchedulerConfig).GetProperties().Where(property => property.CanWrite).Select(property => property.Name);
        Assert.Equal(fields.Order(), others.Keys.Order());
        foreach (string name in classes)
            foreach (var change in others.Values) ReadsAsWritten(change(new SchedulerConfig { ClassName = name }), ConfigFiles.Of, SchedulerConfig.Read);
    }

    [Fact]
    public void AlphasThatACheckpointHoldsAreWrittenWhereTheyAreOthersThanThoseOfItsBetas()
    {
        var plain = new SchedulerConfig();
        double[] own = BetaTable.CumulativeAlphas(BetaTable.Of(plain, value => value), value => value);
        var rounded = plain with { StoredAlphas = [.. own.Select(a => (double)(Half)a)] };
        Assert.Equal(plain, rounded.WithStoredAlphasAsBetas());
        double[] other = [.. own.Select(a => a * a)];
        string path = Path.GetTempFileName();
        File.WriteAllText(path, ConfigFiles.Text(ConfigFiles.Of(plain with { StoredAlphas = other, RescaleBetasZeroSnr = true })));
        var again = SchedulerConfig.Read(path);
        File.Delete(path);
        Assert.False(again.RescaleBetasZeroSnr);
        Assert.All(BetaTable.CumulativeAlphas(BetaTable.Of(again, value => value), value => value).Zip(other), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }
}
