using System.Text.Json;
using Lowrank.Testing;

namespace Lowrank.Cli.Tests;

public class InspectTests
{
    [Fact]
    public void Keys_are_listed_with_dtype_and_shape()
    {
        using var folder = new TemporaryFolder();
        Tiny.Safetensors(folder["tiny.safetensors"], ("first.weight", [2, 3]), ("second", []));
        var result = Cli.RunIn(folder.Path, "inspect", "tiny.safetensors", "--keys").Ended(0);
        Assert.Contains("safetensors", result.Out);
        Assert.Contains("2, 7 parameters, 28 bytes", result.Out);
        Assert.Matches(@"first\.weight +F32 +\(2, 3\)", result.Out);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void Json_holds_the_same()
    {
        using var folder = new TemporaryFolder();
        Tiny.Safetensors(folder["tiny.safetensors"], ("first.weight", [2, 3]), ("second", []));
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "inspect", "tiny.safetensors", "--keys", "--json").Ended(0).Out).RootElement;
        Assert.Equal(7, json.GetProperty("file").GetProperty("parameters").GetInt64());
        Assert.Equal("value", json.GetProperty("file").GetProperty("metadata").GetProperty("name").GetString());
        Assert.Equal(3, json.GetProperty("file").GetProperty("keys")[0].GetProperty("shape")[1].GetInt64());
    }

    [Fact]
    public void An_adapter_tells_dialect_method_ranks_alphas_and_targets_without_libtorch()
    {
        using var folder = new TemporaryFolder();
        Tiny.Lora(folder["lora.safetensors"]);
        var result = Cli.RunIn(folder.Path, "inspect", "lora.safetensors").Ended(0);
        Assert.Matches("dialect +kohya", result.Out);
        Assert.Matches("made for +SD 1.x", result.Out);
        Assert.Matches(@"method +lora \(3 layers\)", result.Out);
        Assert.Matches(@"rank +4 \(3 layers\)", result.Out);
        Assert.Matches(@"alpha +1 \(3 layers\)", result.Out);
        Assert.Matches(@"targets +unet \(2 layers\), te \(1 layers\)", result.Out);
        Assert.Matches("name +value", result.Out);
    }

    [Fact]
    public void Norms_are_those_of_the_change_at_strength_1()
    {
        using var folder = new TemporaryFolder();
        Tiny.Lora(folder["lora.safetensors"]);
        var json = JsonDocument.Parse(Cli.RunIn(folder.Path, "inspect", "lora.safetensors", "--norms", "--json").Ended(0).Out).RootElement;
        var layer = json.GetProperty("adapter").GetProperty("layers")[0];
        // All ones: every element of up·down is the rank, times alpha/rank = 1/4; the norm is the root of the number of elements.
        Assert.Equal(Math.Sqrt(320 * 768), layer.GetProperty("norm").GetDouble(), 1e-3 * 500);
        Assert.Equal("sd1", json.GetProperty("adapter").GetProperty("made_for").GetString());
    }

    [Fact]
    public void A_base_model_tells_family_parts_and_sizes()
    {
        var model = Path.Combine(GoldenFolder.Repository, "models", "emoji-sd");
        var result = Cli.Run("inspect", model).Ended(0);
        Assert.Contains("Stable Diffusion 1", result.Out);
        Assert.Matches(@"unet +UNet2DConditionModel +[\d.]+ M", result.Out);
        var json = JsonDocument.Parse(Cli.Run("inspect", model, "--json").Ended(0).Out).RootElement;
        Assert.Equal("sd1", json.GetProperty("model").GetProperty("family").GetString());
    }

    [Fact]
    public void A_folder_that_is_no_model_is_an_error_that_says_what_is_looked_for()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("model_index.json", Cli.Run("inspect", folder.Path).Ended(1).Error);
    }

    [Fact]
    public void A_file_that_is_not_there_or_not_tensors_is_an_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["page.safetensors"], "<html>not found</html>");
        Assert.Contains("none.safetensors", Cli.RunIn(folder.Path, "inspect", "none.safetensors").Ended(1).Error);
        Assert.Contains("web page", Cli.RunIn(folder.Path, "inspect", "page.safetensors").Ended(1).Error);
    }
}
