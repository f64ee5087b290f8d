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
}
