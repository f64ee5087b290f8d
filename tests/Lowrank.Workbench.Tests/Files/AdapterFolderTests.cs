namespace Lowrank.Workbench.Tests;

/// <summary>Adapters are found by name, and work as their tags say.</summary>
public sealed class AdapterFolderTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    void Write(string name, string? alias = null)
    {
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        var metadata = alias is null ? null : new Dictionary<string, string> { ["ss_output_name"] = alias };
        Safetensors.Save(folder[name], new Dictionary<string, Tensor> { ["a"] = zeros(1, device: CPU) }, metadata);
    }

    [Fact]
    public void AFileIsFoundByItsNameAndByItsMakers()
    {
        Write("ink.safetensors", "my ink");
        Write("more/pen.safetensors");
        var adapters = new AdapterFolder(folder.Path);
        Assert.Equal(["ink", "pen"], adapters.Names);
        Assert.Equal(folder["ink.safetensors"], adapters.Find("ink"));
        Assert.Equal(folder["ink.safetensors"], adapters.Find("my ink"));
        Assert.Equal(folder["more/pen.safetensors"], adapters.Find("pen"));
    }

    [Fact]
    public void TwoFilesOfOneNameAreNamed()
    {
        Write("a/ink.safetensors");
        Write("b/ink.safetensors");
        var adapters = new AdapterFolder(folder.Path);
        string fault = Assert.Throws<LowrankException>(() => adapters.Find("ink")).Message;
        Assert.Contains(folder["a/ink.safetensors"], fault);
        Assert.Contains(folder["b/ink.safetensors"], fault);
        Assert.Equal(folder["b/ink.safetensors"], adapters.TryFind("ink", takesLast: true));
    }

    [Fact]
    public void AMissingOneIsAnErrorUnlessItIsToBeTold()
    {
        Write("ink.safetensors");
        var adapters = new AdapterFolder(folder.Path);
        var tags = PromptTags.Read("<lora:inc:1><lora:ink:0.5>").Adapters;
        Assert.Contains("Nearest: ink", Assert.Throws<LowrankException>(() => adapters.Choose(tags)).Message);
        var missing = new List<string>();
        Assert.Equal(0.5, adapters.Choose(tags, missing).Single().Strength);
        Assert.Equal(["inc"], missing);
        Assert.Throws<LowrankException>(() => new AdapterFolder(folder["none"]));
    }

    [Fact]
    public void ATagWeighsComponentsBlocksAndSteps()
    {
        string data = Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion");
        var adapters = new AdapterFolder(Path.Combine(data, "a1111", "files", "adapters"));
        using var model = StableDiffusion.Load(Path.Combine(data, "models", "sd1"), Lowrank.Torch.Layers.Storage.Default);
        var tags = PromptTags.Read("<lora:fox_style:0.5:2:lbw=MIDD:step=3-5>").Adapters;
        using var attached = new AttachedAdapter(model, adapters.Choose(tags).Single());
        Assert.True(attached.FollowsSteps);
        Assert.Equal([0], UNetStrengths());
        attached.Begin(2, 10);
        Assert.Equal([0, 2], UNetStrengths());
        attached.Begin(4, 10);
        Assert.Equal([0], UNetStrengths());
        Assert.Equal([0.5], Strengths(place => place.Role == ComponentRole.TextEncoder));

        double[] UNetStrengths() => Strengths(place => place.Component == "unet");

        double[] Strengths(Func<TargetPlace, bool> chosen)
        {
            var found = new SortedSet<double>();
            foreach (var place in TargetPlace.In(model.Describe()).Where(chosen))
                if (attached.Attachment.StrengthAt(place.Target.Path) is { } strength) found.Add(strength);
            return [.. found];
        }
    }
}
