using Lowrank.Testing;

namespace Lowrank.Models.Tests;

/// <summary>What lies at a place is opened once and looked at once, whoever asks.</summary>
public sealed class PlaceTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("lowrank-place-").FullName;

    public void Dispose() => Directory.Delete(root, true);

    (string Path, CountedFile.Counts Counts) Counted()
    {
        string single = Path.Combine(root, "whole.safetensors"), path = Path.Combine(root, "counted.ckpt");
        CheckpointConversion.ToFile(Folders.Tiny("sd1"), single, cancel: TestContext.Current.CancellationToken);
        return (path, CountedFile.Make(path, single));
    }

    static CheckpointOptions Like => new() { Config = Folders.Tiny("sd1") };

    static string Fault(Action action) => Assert.Throws<LowrankException>(action).Message;

    [Fact]
    public void ACheckpointIsOpenedOnceForItsOutlineAndClosedWithIt() => LeakGuard.NoTensorLeaks(() =>
    {
        var (path, counts) = Counted();
        using (var outline = ModelKinds.Outline(path, Like))
        {
            Assert.Equal((1, 0), (counts.Opened, counts.Closed));
            using var weight = outline.Read("unet.conv_in.weight");
            Assert.Equal(4, weight!.dim());
        }
        Assert.Equal(1, counts.Opened);
        Assert.True(counts.Closed > 0);
    });

    [Fact]
    public void ACheckpointIsOpenedOnceWhereItsModelIsLoaded()
    {
        var (path, counts) = Counted();
        using (ModelKinds.Load(path, Storage.Default, Like)) Assert.Equal((1, 1), (counts.Opened, counts.Closed));
        using (StableDiffusion.Load(path, Storage.Default, options: Like)) Assert.Equal((2, 2), (counts.Opened, counts.Closed));
    }

    [Fact]
    public void ACheckpointThatIsRefusedIsClosed()
    {
        var (path, counts) = Counted();
        Assert.Contains("and sdxl is wanted", Fault(() => ModelKinds.Outline(path, new() { Family = "sdxl" })), StringComparison.Ordinal);
        Assert.Equal((1, 1), (counts.Opened, counts.Closed));
        Assert.Contains("and sdxl is wanted", Fault(() => ModelKinds.Load(path, Storage.Default, new() { Family = "sdxl" })), StringComparison.Ordinal);
        Assert.Equal((2, 2), (counts.Opened, counts.Closed));
    }

    [Fact]
    public void AFileOfSomeoneElseStaysOpenWhenItsOutlineIsClosed()
    {
        var (path, counts) = Counted();
        using (var file = Containers.Open(path))
        {
            using var place = ModelPlace.Of(file);
            ModelKinds.Of(place).Outline(place, Like).Dispose();
            Assert.Equal((2, 1), (counts.Opened, counts.Closed));
        }
        Assert.Equal((2, 2), (counts.Opened, counts.Closed));
    }

    [Fact]
    public void AllKindsTogetherLookIntoACheckpointOnce()
    {
        var (path, counts) = Counted();
        using var place = ModelPlace.Open(path);
        Assert.Equal(["sd1"], ModelKinds.All.Where(kind => kind.Recognizes(place)).Select(kind => kind.Family.Name));
        Assert.Equal(1, counts.Looks);
        Assert.Equal("sd1", ModelKinds.Of(place).Inspect(place).Family);
    }

    [Fact]
    public void AFindingIsLookedForOnce()
    {
        using var place = ModelPlace.Open(root);
        int looks = 0;
        string? Look(ModelPlace _)
        {
            looks++;
            return null;
        }
        Assert.Null(place.Remember(Look));
        Assert.Null(place.Remember(Look));
        Assert.Equal(1, looks);
    }

    // An outline needs no autoencoder: that there is none is not what keeps the folder from being one.
    [Fact]
    public void WhatKeepsAFolderFromBeingRecognizedIsWhatIsSaid()
    {
        string folder = Folders.Copy(Folders.Tiny("sd1"));
        Directory.Delete(Path.Combine(folder, "vae"), true);
        ModelKinds.Outline(folder).Dispose();
        File.WriteAllText(Path.Combine(folder, "unet", "config.json"), """{ "block_out_channels": 7 }""");
        string fault = Fault(() => ModelKinds.Outline(folder));
        Assert.Contains(Path.Combine("unet", "config.json"), fault, StringComparison.Ordinal);
        Assert.DoesNotContain("vae", fault, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }
}
