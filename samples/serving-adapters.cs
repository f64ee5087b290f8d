#:sdk Microsoft.NET.Sdk.Web
#:project ../src/Lowrank.Adapters/Lowrank.Adapters.csproj
// One model, two adapters, many callers: each request names the adapter that answers it. dotnet run samples/serving-adapters.cs
using System.Globalization;
using Lowrank;
using TorchSharp;
using static TorchSharp.torch;

random.manual_seed(0);
var x = linspace(-3, 3, 60).unsqueeze(1);
using var net = nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1));
var model = ModelDescription.Of(net);
using var sine = Taught("sine", x.sin());
using var line = Taught("line", x / 3);
net.eval();

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");   // any free port
await using var server = builder.Build();
server.MapGet("/{adapter}/{value:double}", (string adapter, double value) =>
{
    // The choice belongs to this request alone; whatever other requests choose meanwhile, it is answered by its own adapter.
    using var choice = model.Using(adapter);
    using var scope = NewDisposeScope();
    using var grad = no_grad();
    return net.call(tensor((float)value).reshape(1, 1)).ToSingle().ToString(CultureInfo.InvariantCulture);
});
await server.StartAsync();

// Forty callers at once, every other one with the other adapter.
using var client = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(Ask));
double Worst(string name) => answers.Where(answer => answer.Name == name).Max(answer => answer.Off);
Console.WriteLine($"40 requests at once: sine off by {Worst("sine"):f2} at most, line by {Worst("line"):f2}.");
await server.StopAsync();

async Task<(string Name, double Off)> Ask(int caller)
{
    string name = caller % 2 == 0 ? "sine" : "line";
    double value = caller / 10.0 - 2, wanted = name == "sine" ? Math.Sin(value) : value / 3;
    string path = string.Create(CultureInfo.InvariantCulture, $"/{name}/{value:f1}");
    return (name, Math.Abs(double.Parse(await client.GetStringAsync(path), CultureInfo.InvariantCulture) - wanted));
}

Attachment Taught(string name, Tensor wanted)
{
    var attachment = model.Adapt("*", new LoraOptions(rank: 8) { TrainBias = true }, name: name);
    using var optimizer = new FusedAdamW([new ParameterGroup([.. attachment.Adapter.Trainable], 1e-2)]);
    using var choice = model.Using(attachment);
    for (int i = 0; i < 600; i++)
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGrad();
        nn.functional.mse_loss(net.call(x), wanted).backward();
        optimizer.Step();
    }
    return attachment;
}
