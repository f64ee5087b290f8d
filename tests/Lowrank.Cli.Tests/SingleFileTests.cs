using System.Text.Json;
using Lowrank.Models;

namespace Lowrank.Cli.Tests;

/// <summary>A base model in one file, wherever a folder may stand.</summary>
public class SingleFileTests
{
    static readonly string model = Path.Combine(GoldenFolder.Repository, "models", "emoji-sd");

    static void MakeFile(string path) => CheckpointConversion.ToFile(model, path, cancel: TestContext.Current.CancellationToken);

    [Fact]
    public void PicturesAreThoseOfTheFolderThatItWasMadeOf()
    {
        using var folder = new TemporaryFolder();
        MakeFile(folder["emoji.safetensors"]);
        string[] quick = ["generate", "cat face", "--seed", "5", "--steps", "2", "--precision", "f32", "-o"];
        Cli.RunIn(folder.Path, [.. quick, "folder.png", "--model", model]).Ended(0);
        Cli.RunIn(folder.Path, [.. quick, "file.png", "--model", "emoji.safetensors", "--model-config", model]).Ended(0);
        var (one, other) = (Diffusion.PictureFile.Read(folder["folder.png"]), Diffusion.PictureFile.Read(folder["file.png"]));
        Assert.Equal(one.Pixels, other.Pixels);
        Assert.Equal("emoji", Diffusion.InfoText.Parse(other.InfoText!)["Model"]);
        string error = Cli.RunIn(folder.Path, [.. quick, "none.png", "--model", "emoji.safetensors"]).Ended(1).Error;
        Assert.Contains("--model-config FOLDER", error);
    }

    [Fact]
    public void InspectTellsWhatItIsAndWhatItLacks()
    {
        using var folder = new TemporaryFolder();
        MakeFile(folder["emoji.safetensors"]);
        var result = Cli.RunIn(folder.Path, "inspect", "emoji.safetensors").Ended(0);
        Assert.Matches("layout +single file, safetensors", result.Out);
        Assert.Matches("family +Stable Diffusion 1", result.Out);
        Assert.Matches(@"unet +UNet2DConditionModel +[\d.]+ M", result.Out);
        Assert.Matches(@"modelspec\.architecture +stable-diffusion-v1", result.Out);
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "inspect", "emoji.safetensors", "--json").Ended(0).Out).RootElement;
        Assert.Equal("base model", json.GetProperty("kind").GetString());
        Assert.Equal("sd1", json.GetProperty("model").GetProperty("family").GetString());
        Assert.Equal(BaseModelInspection.Inspect(model).Parameters, json.GetProperty("model").GetProperty("parameters").GetInt64());

        Tiny.Safetensors(folder["refiner.safetensors"],
            ("model.diffusion_model.input_blocks.0.0.weight", [2, 4, 3, 3]), ("conditioner.embedders.0.model.transformer.resblocks.0.ln_1.weight", [2]), ("odd.key", [1]));
        Assert.Contains("refiner", Cli.RunIn(folder.Path, "inspect", "refiner.safetensors").Ended(0).Out);
    }
}
