#:project ../src/Lowrank.Language/Lowrank.Language.csproj
// A language model that writes: text, stream, two adapters in one batch, IChatClient. dotnet run samples/language-model.cs MODEL
using Lowrank;
using Lowrank.Language;
using Microsoft.Extensions.AI;
using static TorchSharp.torch;

if (args.Length == 0)
{
    Console.WriteLine("Give the folder of a language model, or its GGUF file: dotnet run samples/language-model.cs MODEL");
    return;
}
using var model = LanguageModel.Load(args[0]);

// One text, by the likeliest tokens; then drawn, piece by piece.
Console.WriteLine(model.Generate("The capital of France is", model.Defaults.AtMost(16)));
var drawn = model.Defaults.AtMost(16).Sampled(temperature: 0.8) with { Seed = 7 };
await foreach (string piece in model.Stream("Once upon a time", drawn)) Console.Write(piece);
Console.WriteLine();

// Two adapters and the base in one batch. Fresh ones are noise here; model.Adapters.Load("folder", "name") takes trained ones.
foreach (string name in new[] { "one", "two" }) AddNoise(name);
model.Adapters.SetActive("one", "two");
var rows = new[] { "one", "two", "" }.Select(
    name => new GenerationRequest(model.Prompt("The capital of France is"), model.Defaults.AtMost(8) with { Adapter = name }));
foreach (var text in model.GenerateAll([.. rows])) Console.WriteLine($"row: {text}");
model.Adapters.SetActive();

// As .NET's programs speak with any model.
if (model.Template is null) return;
using IChatClient client = new LanguageChatClient(model, model.Defaults.AtMost(32));
var answer = await client.GetResponseAsync("What is gravity?");
Console.WriteLine($"{answer.Text} ({answer.Usage!.OutputTokenCount} tokens)");

void AddNoise(string name)
{
    model.Network.AddLora("q_proj,v_proj", rank: 4, name: name);
    using var grad = no_grad();
    foreach (var part in model.Adapters[name].Adapter.Trainable) part.normal_(0, 0.2);
}
