using Lowrank.Formats;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Adapters that a proper container holds and that make no sense, or only with care: refused by name, reported, or read, as defects.json asks.</summary>
public sealed class FilesContentDefectsGoldens
{
    const string Group = "files/defects";

    public static IEnumerable<TheoryDataRow<string>> Cases => FilesDefects.Of("content").Select(defect => new TheoryDataRow<string>(defect.GetProperty("id").GetString()!));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Defect(string id) => FilesDefects.Run(Group, id, defect =>
    {
        string path = Path.Combine(GoldenFolder.Root, "files", defect.GetProperty("file").GetString()!);
        string[] names = defect.TryGetProperty("names_to_report", out var given) ? [.. given.EnumerateArray().Select(name => name.GetString()!)] : [];
        using var host = new FilesHost(HostOf(path));
        switch (defect.GetProperty("expect").GetString())
        {
            case "reject":
                foreach (bool allowUnmatched in new[] { false, true })
                {
                    var error = Assert.Throws<LowrankException>(() => AdapterFile.Read(path, host.Model, allowUnmatched));
                    Assert.Contains(Path.GetFileName(path), error.Message, StringComparison.Ordinal);
                    Assert.All(names, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
                }
                break;
            case "report":
                AssertReported(path, host.Model, names);
                break;
            case "accept-with-note":
                using (var adapter = AdapterFile.Read(path, host.Model))
                {
                    Assert.NotEmpty(adapter.Notes);
                    AssertFinite(adapter);
                }
                break;
            case "accept":
                using (var adapter = AdapterFile.Read(path, host.Model))
                {
                    Assert.Empty(adapter.Notes);
                    AssertFinite(adapter);
                }
                break;
            case var other:
                throw Golden.NotCovered($"nothing is known of the expectation {other}");
        }
    });

    // A lenient reader loads the file and says what it did not use; the strict one may refuse it, and then says the same.
    static void AssertReported(string path, ModelDescription model, string[] names)
    {
        using (var adapter = AdapterFile.Read(path, model, allowUnmatched: true))
        {
            string notes = string.Join("\n", [.. adapter.Notes, .. adapter.PassedOver.Select(one => one.Name)]);
            Assert.All(names, name => Assert.Contains(name, notes, StringComparison.Ordinal));
            AssertFinite(adapter);
        }
        try
        {
            using var adapter = AdapterFile.Read(path, model);
            Assert.True(adapter.Notes.Count + adapter.PassedOver.Count > 0, "nothing is told");
        }
        catch (LowrankException error)
        {
            Assert.Contains(names, name => error.Message.Contains(name, StringComparison.Ordinal));
        }
    }

    static void AssertFinite(Adapter adapter)
    {
        using var grad = no_grad();
        Assert.NotEmpty(adapter.Targets);
        int unchanged = 0;
        foreach (var (path, reparameterization) in adapter.Targets)
        {
            var change = reparameterization.Apply(zeros(reparameterization.Target.Out, reparameterization.Target.Columns), 1);
            Assert.True(change.isfinite().all().ToBoolean(), path);
            if (change.abs().max().ToDouble() == 0) unchanged++;
        }
        Assert.Equal(adapter.Notes.Count(note => note.Contains("has alpha 0", StringComparison.Ordinal)), unchanged);
    }

    // The list does not say for which host a file is made: names of SGM's blocks or of two text encoders tell SDXL.
    static string HostOf(string path)
    {
        using var file = Containers.Open(path);
        bool wide = file.Tensors.Any(t => t.Name.Contains("_input_blocks_", StringComparison.Ordinal) || t.Name.StartsWith("lora_te1_", StringComparison.Ordinal));
        return FilesHost.Names.First(name => Directory.Exists(Path.Combine(GoldenFolder.Root, "files", "hosts", name, "text_encoder_2")) == wide);
    }
}
