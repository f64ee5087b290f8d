using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Graphs;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Graphs that ComfyUI ran on a tiny base: every node's output, what samplers drew and saw, and the files.</summary>
public sealed class ComfyUiGraphsGoldens
{
    const string Group = "diffusion/comfyui";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Graph(string name) => Golden.Run(Group, name, c =>
    {
        var graph = ApiGraph.Of(PythonJson.Of(c["graph"]));
        string[] unknown = [.. graph.Nodes.Select(node => node.ClassType!).Where(type => GraphNodes.Find(type) is null).Distinct()];
        if (unknown.Length > 0) throw Golden.NotCovered($"nodes {string.Join(", ", unknown)}");
        using var folders = new ComfyUiFolders();
        using var samplings = new ComfyUiSamplings(c);
        var settings = folders.Settings with { Watch = samplings };
        var verdict = GraphValidation.Check(graph, settings.Folders);
        Assert.True(verdict.Fault is null && verdict.Faults.Count == 0, PythonJson.Write(verdict.Body("")));
        using var executor = new GraphExecutor(settings);
        var nodes = new Compared(c);
        executor.Run(verdict, nodes);
        nodes.AssertAllRan();
        samplings.AssertAllSeen();
        Assert.Equal(c["expected"].GetProperty("files").EnumerateArray().Select(file => file.GetString()), folders.Saved);
        if (c["expected"].TryGetProperty("adapter", out var adapter))
            ComfyUiExtracted.AssertSame(c, adapter.GetString()!, Path.Combine(settings.Folders.Output, folders.Saved.First()));
    });

    // Compares every node's values as soon as it has run.
    sealed class Compared(GoldenCase c) : GraphWatch
    {
        readonly List<string> ran = [];
        readonly HashSet<string> known = [];   // what ran, and what is the same as one that did

        public override void Done(PlacedNode node, IReadOnlyList<GraphValue> values, NodeShows shows)
        {
            Assert.All(node.Links, link => Assert.Contains(link.Value.From, known));
            ran.Add(node.Id);
            known.Add(node.Id);
            if (!c["expected"].GetProperty("nodes").TryGetProperty(node.Id, out var wanted)) return;
            for (int slot = 0; slot < wanted.GetArrayLength(); slot++)
                if (wanted[slot].ValueKind != JsonValueKind.Null) Compare(values[slot], wanted[slot], $"{node} slot {slot}");
        }

        public override void ShowsAgain(PlacedNode node, NodeShows shows) => known.Add(node.Id);

        // Of nodes that compute the same one runs, and which one is as good.
        public void AssertAllRan()
        {
            var graph = ApiGraph.Of(PythonJson.Of(c["graph"]));
            Assert.Equal(c["executed"].EnumerateArray().Select(id => Said(id.GetString()!)).Order(), ran.Select(Said).Order());

            string Said(string id) => $"{graph[id].ClassType}({string.Join(", ", graph[id].Inputs.OrderBy(input => input.Key).Select(Written))})";

            string Written(KeyValuePair<string, object?> input) => GraphLink.Of(input.Value) is { } link
                ? $"{input.Key}: {Said(link.From)} {link.Slot}"
                : $"{input.Key}: {PythonJson.Write(input.Value)}";
        }

        void Compare(GraphValue got, JsonElement wanted, string what)
        {
            switch (got)
            {
                case LatentValue latent: Compare(latent, wanted, what); break;
                case ImageValue image: Close(image.Pixels, wanted, "picture", what); break;
                case MaskValue mask: Close(mask.Mask, wanted, "picture", what); break;
                case SigmasValue sigmas: Close(tensor(sigmas.Sigmas.ToArray()), wanted, "sigmas", what); break;
                case ConditioningValue conditioning: Compare(conditioning, wanted, what); break;
                default: Assert.Fail($"{what}: a {got.Type} is expected to be {wanted}"); break;
            }
        }

        void Compare(LatentValue latent, JsonElement wanted, string what)
        {
            Close(latent.Samples, wanted.GetProperty("samples"), "latent", what);
            Assert.Equal(wanted.TryGetProperty("noise_mask", out var mask), latent.NoiseMask is not null);
            if (latent.NoiseMask is { } got) Close(got, mask, "picture", $"{what}, noise mask");
            int[]? index = wanted.TryGetProperty("batch_index", out var places) ? [.. places.EnumerateArray().Select(i => i.GetInt32())] : null;
            Assert.Equal(index, latent.BatchIndex);
        }

        void Compare(ConditioningValue conditioning, JsonElement wanted, string what)
        {
            Assert.Equal(wanted.GetArrayLength(), conditioning.Conditions.Count);
            for (int i = 0; i < conditioning.Conditions.Count; i++)
                ComfyUiConditions.AssertClose(c, conditioning.Conditions[i], wanted[i], $"{what}, condition {i}");
        }

        void Close(Tensor got, JsonElement wanted, string kind, string what) =>
            ComfyUiTensors.AssertClose(c, got, wanted.GetString()!, kind, what);
    }
}
