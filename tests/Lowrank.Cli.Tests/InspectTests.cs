using System.Text.Json;

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
        Assert.Equal(7, json.GetProperty("parameters").GetInt64());
        Assert.Equal("value", json.GetProperty("metadata").GetProperty("name").GetString());
        Assert.Equal(3, json.GetProperty("keys")[0].GetProperty("shape")[1].GetInt64());
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
