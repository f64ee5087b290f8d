using System.Text.Json;

namespace Lowrank.Adapters.Tests;

/// <summary>What an adapter tells of its model by its own keys.</summary>
public class OutlineTests
{
    static readonly string[] paths = ["embed", "blocks.0.attn", "blocks.0.conv", "blocks.1.attn"];

    static (LayerTree Module, ModelDescription Description) Own(Func<long, long, nn.Module> linear)
    {
        var module = new LayerTree((paths[0], new Embedding(11, 6)), (paths[1], linear(6, 9)), (paths[2], new Conv2d(6, 5, 3)), (paths[3], linear(9, 6)));
        return (module, ModelDescription.Of(module));
    }

    static Adapter Adapt(ModelDescription model) => AdapterFactory.Create(model, [.. model.Components[0].Targets.Select(t => t.Target)], Lora.Descriptor, new LoraOptions(2, 3));

    [Fact]
    public void APeftFolderNamesTheLayersOfItsModelWithTheirKindsAndShapes()
    {
        var (module, model) = Own((inputs, outputs) => new Linear(inputs, outputs));
        using var _ = module;
        using var folder = new TemporaryFolder();
        using var adapter = Adapt(model);
        AdapterFile.Write(folder.File("adapter"), adapter, model, "peft");
        using var file = AdapterFile.Open(folder.File("adapter"));
        var outline = AdapterOutline.Of(file)!;
        Assert.Equal(model.Components[0].Targets.Select(t => $"{t.Target}").Order(), outline.Components[0].Targets.Select(t => $"{t.Target}").Order());
        using var read = AdapterFile.Read(file, outline);
        foreach (var (path, made) in adapter.Targets) Close.Same(made.Apply(zeros(made.Target.Out, made.Target.Columns), 1), read.Targets[path].Apply(zeros(made.Target.Out, made.Target.Columns), 1), path);
    }

    [Fact]
    public void TransposedLayersAreToldByTheConfiguration()
    {
        var module = new LayerTree(("h.0.c_attn", new Conv1D(4, 12)), ("h.1.c_attn", new Conv1D(4, 12)));
        using var _ = module;
        var model = ModelDescription.Of(module);
        using var folder = new TemporaryFolder();
        using var adapter = Adapt(model);
        AdapterFile.Write(folder.File("adapter"), adapter, model, "peft");
        using var file = AdapterFile.Open(folder.File("adapter"));
        Assert.Equal(model.Components[0].Targets.Select(t => $"{t.Target}"), AdapterOutline.Of(file)!.Components[0].Targets.Select(t => $"{t.Target}"));
    }

    [Fact]
    public void AWholeTensorIsALayerOfItUnlessItIsLeftOut()
    {
        var (module, model) = Own((inputs, outputs) => new Linear(inputs, outputs));
        using var _ = module;
        using var folder = new TemporaryFolder();
        var targets = model.Components[0].Targets.Select(t => t.Target).ToList();
        using var adapter = AdapterFactory.Create(model, [new(targets[1], Lora.Descriptor, new LoraOptions(2)), new(targets[3], Replacement.Descriptor, new MethodOptions(1))]);
        AdapterFile.Write(folder.File("adapter"), adapter, model, "peft");
        using var file = AdapterFile.Open(folder.File("adapter"));
        Assert.Equal([targets[1].Path, targets[3].Path], AdapterOutline.Of(file)!.Components[0].Targets.Select(t => t.Target.Path).Order(StringComparer.Ordinal));
        Assert.Equal([targets[1].Path], AdapterOutline.Of([file], withWhole: false)!.Components[0].Targets.Select(t => t.Target.Path));
    }

    [Theory, InlineData("kohya"), InlineData("diffusers"), InlineData("comfyui"), InlineData("lycoris"), InlineData("onetrainer"), InlineData("ai-toolkit"), InlineData("diffusers-mid")]
    public void WhatNamesDoNotTellOurOwnFilesTellBesideThem(string dialect)
    {
        var module = new LayerTree(("h.0.c_attn", new Conv1D(4, 12)), ("h.0.c_proj", new Linear(12, 4)), ("conv", new Conv2d(6, 5, 3)));
        using var _ = module;
        var model = ModelDescription.Of(module);
        using var folder = new TemporaryFolder();
        using var adapter = Adapt(model);
        AdapterFile.Write(folder.File("a.safetensors"), adapter, model, dialect);
        using var file = AdapterFile.Open(folder.File("a.safetensors"));
        var outline = AdapterOutline.Of(file)!;
        Assert.Equal(model.Components[0].Targets.Select(t => $"{t.Target}").Order(), outline.Components[0].Targets.Select(t => $"{t.Target}").Order());
        using var read = AdapterFile.Read(file, outline);
        Assert.Equal(adapter.Targets.Keys.Order(), read.Targets.Keys.Order());
        AdapterFile.Write(folder.File("again"), read, outline, "peft");
        using var again = AdapterFile.Open(folder.File("again"));
        Assert.DoesNotContain(AdapterOutline.Told, again.Metadata.Keys);
    }

    [Theory]
    [InlineData(null), InlineData("no json"), InlineData("[1]"), InlineData("""{"a": 5}"""), InlineData("""{"a": null}"""), InlineData("""{"a": "Linear 12"}"""), InlineData("""{"a": "Linear 99999999999999999999 4"}""")]
    [InlineData("""{"a": "Linear -3 4"}"""), InlineData("""{"a": "Norm 3 4"}"""), InlineData("""{"a": "Linear 9999999999 4"}"""), InlineData("""{"a": "Conv2d 1048576 1048576 9999999 9999999"}"""), InlineData("""{"a..b": "Linear 3 4"}"""), InlineData("""{"a": "Linear 3 4 5"}""")]
    public void NamesThatAreNoPathsTellNoLayersNorDoesMetadataThatIsSpoilt(string? told)
    {
        using var folder = new TemporaryFolder();
        Safetensors.Save(folder.File("a.safetensors"), [new("lora_model_a.lora_down.weight", ones(2, 4)), new("lora_model_a.lora_up.weight", ones(3, 2))],
            told is null ? [] : new Dictionary<string, string> { [AdapterOutline.Told] = told });
        using var file = AdapterFile.Open(folder.File("a.safetensors"));
        Assert.Null(AdapterOutline.Of(file));
    }

    [Fact]
    public void APathOfAThousandNamesIsNoPath()
    {
        using var folder = new TemporaryFolder();
        string deep = string.Join('.', Enumerable.Repeat("a", 100_000));
        Safetensors.Save(folder.File("a.safetensors"), [new($"base_model.model.{deep}.lora_A.weight", ones(2, 4)), new($"base_model.model.{deep}.lora_B.weight", ones(3, 2))]);
        using var file = AdapterFile.Open(folder.File("a.safetensors"));
        Assert.Null(AdapterOutline.Of(file));
    }

    [Fact]
    public void AlphaBesideTheTensorsIsReportedOverTheRank()
    {
        using var folder = new TemporaryFolder();
        string weights = folder.File("weights.safetensors");
        Safetensors.Save(weights, [new("base_model.model.a.lora_A.weight", ones(4, 6)), new("base_model.model.a.lora_B.weight", ones(8, 4)), new("base_model.model.b.lora_A.weight", ones(2, 6)), new("base_model.model.b.lora_B.weight", ones(8, 2))]);
        var config = JsonSerializer.SerializeToElement(new { peft_type = "LORA", lora_alpha = 3, alpha_pattern = new { b = 1 }, use_rslora = true });
        using (var file = new PeftFolder(Safetensors.Open(weights), config))
            Assert.Equal([6, Math.Sqrt(2)], AdapterInspection.Inspect(file).Modules.Select(m => m.Alpha!.Value));
        using (var file = Safetensors.Open(weights)) Assert.All(AdapterInspection.Inspect(file).Modules, m => Assert.Null(m.Alpha));

        Safetensors.Save(weights, [new("unet.a.lora_A.weight", ones(4, 6)), new("unet.a.lora_B.weight", ones(8, 4))], new Dictionary<string, string> { ["lora_adapter_metadata"] = """{"unet.lora_alpha": 5, "unet.peft_type": "LORA"}""" });
        using (var file = Safetensors.Open(weights)) Assert.Equal([5], AdapterInspection.Inspect(file).Modules.Select(m => m.Alpha!.Value));
    }

    [Theory]
    [InlineData("down_blocks.0.attentions.0.transformer_blocks.0.attn2.processor.to_k_lora.down.weight", 768, "sd1")]
    [InlineData("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.lora.down.weight", 1024, "sd2")]
    [InlineData("unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight", 2048, "sdxl")]
    [InlineData("base_model.model.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight", 768, "sd1")]
    [InlineData("diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.lora_down.weight", 768, "sd1")]
    [InlineData("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight", 1024, "sd2")]
    [InlineData("unet:3:down", 768, "sd1")]
    [InlineData("unet:3:down", 320, null)]
    [InlineData("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_k.lora_A.weight", 768, null)]
    public void TheTextsWidthTellsTheFamilyInEveryDialect(string key, long width, string? family)
    {
        using var folder = new TemporaryFolder();
        Safetensors.Save(folder.File("a.safetensors"), [new(key, ones(1, width))]);
        using var file = Safetensors.Open(folder.File("a.safetensors"));
        Assert.Equal(family, FamilyGuess.Of(file, StableDiffusionFamilies.All)?.Name);
    }
}
