namespace Lowrank.Adapters.Tests;

/// <summary>Layers that lack a part, or everything, where their neighbours have it.</summary>
public sealed class MissingLayersTests : IDisposable
{
    static readonly string[] parts = ["to_q", "to_k", "to_v", "to_out.0"];

    readonly TemporaryFolder folder = new();
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    // Names of an attention's layers in blocks of a UNet.
    static IEnumerable<string> Names(int blocks, params string[] without) =>
        from block in Enumerable.Range(0, blocks)
        from part in parts
        let name = $"unet.down_blocks.{block}.attentions.0.attn1.{part}"
        where !without.Contains(name)
        select name;

    string Written(IEnumerable<string> names, Action<Dictionary<string, Tensor>>? change = null)
    {
        var tensors = new Dictionary<string, Tensor>();
        foreach (var name in names)
        {
            string kohya = "lora_" + name.Replace('.', '_');
            (tensors[$"{kohya}.lora_down.weight"], tensors[$"{kohya}.lora_up.weight"], tensors[$"{kohya}.alpha"]) = (ones(2, 4), ones(4, 2), tensor(2f));
        }
        change?.Invoke(tensors);
        Safetensors.Save(folder.File("a.safetensors"), tensors);
        return folder.File("a.safetensors");
    }

    static IReadOnlyList<string> Health(string path)
    {
        using var file = AdapterFile.Open(path);
        return AdapterHealth.OfHeader(AdapterInspection.Inspect(file));
    }

    [Theory]
    [InlineData("unet.down_blocks.2.attentions.0.attn1.to_q")]
    [InlineData("unet.down_blocks.1.attentions.0.attn1.to_out.0")]
    public void OneLayerThatLacksInTheMiddleIsNamed(string name)
    {
        Assert.Equal([name], MissingLayers.Among(Names(12, name)));
        string told = Assert.Single(Health(Written(Names(12, name))));
        Assert.Contains($"lora_{name.Replace('.', '_')} is not there, where all layers beside it are", told);
    }

    // {0} stands for the place, {1} for the kind of layer.
    [Theory]
    [InlineData("text_encoder.encoder.layers.{0}.self_attn.{1}_proj", "text_encoder.encoder.layers.2.self_attn.q_proj")]
    [InlineData("lora_unet_x#_{0}_{1}", "lora_unet_x#_2_q")]
    [InlineData("model.layer.0{0}.{1}", "model.layer.02.q")]
    [InlineData("model.layer.1234567890{0}.{1}", "model.layer.12345678902.q")]
    public void NamesOfAnySpellingAreToldAsTheirNeighboursAreSpelled(string form, string told)
    {
        string Name(int place, string kind) =>
            form.Replace("{0}", $"{place}", StringComparison.Ordinal).Replace("{1}", kind, StringComparison.Ordinal);
        var names = from place in Enumerable.Range(0, 5) from kind in new[] { "q", "k", "v" } select Name(place, kind);
        Assert.Equal([told], MissingLayers.Among(names.Where(name => name != told)));
    }

    [Fact]
    public void NumbersThatAreEqualAndSpelledDifferentlyAreTwoPlaces()
    {
        string[] places = ["0", "1", "01", "2", "10"];
        var names = from place in places from kind in new[] { "q", "k", "v" } select $"model.layer.{place}.{kind}";
        Assert.Empty(MissingLayers.Among(names));
        foreach (var place in places[1..^1])
            Assert.Equal([$"model.layer.{place}.q"], MissingLayers.Among(names.Where(name => name != $"model.layer.{place}.q")));
    }

    [Fact]
    public void WhatIsWholeAndWhatIsChosenIsNotNamed()
    {
        Assert.Empty(MissingLayers.Among(Names(12)));
        Assert.Empty(Health(Written(Names(12))));
        // A last block may be another; a whole block and a kind of layer are left out by choice.
        Assert.Empty(MissingLayers.Among(Names(12, "unet.down_blocks.11.attentions.0.attn1.to_q")));
        Assert.Empty(MissingLayers.Among(Names(12).Where(name => !name.Contains("down_blocks.3.", StringComparison.Ordinal))));
        Assert.Empty(MissingLayers.Among(Names(12).Where(name => !name.EndsWith("to_v", StringComparison.Ordinal))));
        Assert.Empty(MissingLayers.Among(Names(12, "unet.down_blocks.3.attentions.0.attn1.to_q", "unet.down_blocks.5.attentions.0.attn1.to_q")));
        Assert.Empty(MissingLayers.Among([]));
    }

    [Fact]
    public void ALayerWithAnAlphaAloneIsNamedAndCanBeRead()
    {
        string told = Assert.Single(Health(Written(Names(4), tensors =>
        {
            tensors.Remove("lora_unet_down_blocks_1_attentions_0_attn1_to_q.lora_down.weight");
            tensors.Remove("lora_unet_down_blocks_1_attentions_0_attn1_to_q.lora_up.weight");
        })));
        Assert.Contains("lora_unet_down_blocks_1_attentions_0_attn1_to_q has .alpha () and no factors; it changes nothing", told);
    }

    [Fact]
    public void AFactorThatOneLayerLacksKeepsTheFileFromBeingRead() =>
        Assert.Contains("and no up", Assert.Single(Health(Written(Names(4), tensors => tensors.Remove("lora_unet_down_blocks_1_attentions_0_attn1_to_q.lora_up.weight")))));

    [Fact]
    public void AReaderIsToldToo()
    {
        using var blocks = new SequenceModel([.. Enumerable.Range(0, 5).Select(_ => new Block())]);
        var described = blocks.Describe();
        Target[] targets = [.. described.Components[0].Targets.Select(t => t.Target)];
        Assert.Equal(15, targets.Length);
        foreach (var (left, told) in new[] { ((string?)null, 0), ("unet.2.to_k", 1) })
        {
            using var adapter = AdapterFactory.Create(targets.Where(target => target.Path != left), new LoraOptions(2));
            AdapterFile.Write(folder.File("some.safetensors"), adapter, described);
            using var read = AdapterFile.Read(folder.File("some.safetensors"), described);
            Assert.Equal(told, read.Notes.Count(note => note.Contains("2_to_k is not there", StringComparison.Ordinal)));
            Assert.Equal(told, read.Notes.Count);
        }
    }

    // Three layers under names of their own.
    sealed class Block : Layer
    {
        public Block() : base(nameof(Block))
        {
            foreach (string name in parts[..3]) register_module(name, new Linear(4, 4));
        }

        protected override Tensor Compute(Tensor x) => x;
    }
}
