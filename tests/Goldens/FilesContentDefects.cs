using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Testing;
using Lowrank.Torch;

namespace Goldens;

/// <summary>Adapter files whose container is sound and whose content is not: each is refused with a cause, read with what was not used in the notes, or read, as its line in defects.json asks.</summary>
public sealed class FilesContentDefects
{
    const string Group = "files/defects", Kind = "content";

    public static IEnumerable<TheoryDataRow<string>> Cases => FilesDefects.Of(Kind).Select(defect => new TheoryDataRow<string>(defect.GetProperty("id").GetString()!));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Defect(string id) => FilesDefects.Run(Group, id, defect =>
    {
        using var file = Containers.Open(Path.Combine(GoldenFolder.Root, "files", defect.GetProperty("file").GetString()!));
        var model = AdapterHost.Of(file).Model;
        string[] names = defect.TryGetProperty("names_to_report", out var list) ? [.. list.EnumerateArray().Select(name => name.GetString()!)] : [];
        switch (defect.GetProperty("expect").GetString())
        {
            case "reject":
                var error = Assert.Throws<LowrankException>(() => AdapterFile.Read(file, model));
                Assert.Throws<LowrankException>(() => AdapterFile.Read(file, model, allowLeftOver: true));
                Assert.All(names.Append(Path.GetFileName(file.Path)), name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
                break;
            case "report":
                using (var adapter = AdapterFile.Read(file, model, allowLeftOver: true))
                {
                    Assert.NotEmpty(adapter.Targets);
                    Assert.All(names, name => Assert.Contains(adapter.Notes, note => note.Contains(name, StringComparison.Ordinal)));
                }
                break;
            case "accept-with-note":
                using (var adapter = AdapterFile.Read(file, model)) Assert.NotEmpty(adapter.Notes);
                break;
            case "accept":
                using (var adapter = AdapterFile.Read(file, model))
                {
                    Assert.Empty(adapter.Notes);
                    using var attachment = model.Attach(adapter);
                    model.Merge();   // refuses what is not finite
                }
                break;
            case var other:
                throw Golden.NotCovered($"nothing is known of the expectation {other}");
        }
    });
}
