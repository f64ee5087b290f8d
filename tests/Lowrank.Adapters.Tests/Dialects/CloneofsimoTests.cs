namespace Lowrank.Adapters.Tests;

/// <summary>Files that number their layers.</summary>
public class CloneofsimoTests
{
    static readonly string[] first = ["down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q", "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k"];

    // The numbers of an adapter of two layers, as they are written and with attn1, ff, attn2 for attn1, attn2, ff.
    static IEnumerable<KeyValuePair<string, Tensor>> Tensors(ModelDescription model, bool early)
    {
        using var adapter = EveryLayer.Of("sd1").Trained("lora", (_, target) => first.Any(path => target.Path == "unet." + path))!;
        var tensors = AdapterFile.Spell(adapter, model, Dialects.Named("cloneofsimo"));
        // Each transformer block has nine layers: four, four and one.
        int Moved(int number) => !early ? number : number / 9 * 9 + (number % 9) switch { < 4 => number % 9, 8 => 4, var inner => inner + 1 };
        return tensors.Select(t => t.Key.Split(':') is [var component, var number, var part]
            ? KeyValuePair.Create($"{component}:{Moved(int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))}:{part}", t.Value) : t);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void EitherOrderIsToldByTheShapes(bool early)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var model = EveryLayer.Of("sd1").Description;
        Safetensors.Save(folder.File("a.safetensors"), Tensors(model, early));
        using var read = AdapterFile.Read(folder.File("a.safetensors"), model);
        Assert.Equal(first.Select(path => "unet." + path), read.Targets.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ShapesOfNoOrderAreRefused()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var model = EveryLayer.Of("sd1").Description;
        Safetensors.Save(folder.File("a.safetensors"), Tensors(model, false).Select(t => t.Key == "unet:2:up" ? KeyValuePair.Create(t.Key, zeros(3, 1)) : t));
        var error = Assert.Throws<LowrankException>(() => AdapterFile.Read(folder.File("a.safetensors"), model));
        Assert.Contains("in no order", error.Message);
    }

    [Fact]
    public void ModulesThatAreNotKnownAreNamed()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var model = EveryLayer.Of("sd1").Description;
        Safetensors.Save(folder.File("a.safetensors"), Tensors(model, false), new Dictionary<string, string> { ["unet"] = "[\"Attention\", \"Mystery\"]" });
        var error = Assert.Throws<LowrankException>(() => AdapterFile.Read(folder.File("a.safetensors"), model));
        Assert.Contains("Mystery", error.Message);
    }
}
