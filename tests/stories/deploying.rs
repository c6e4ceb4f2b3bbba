//! Deploying over what is there: a running stack, half a stack, none, and without being allowed to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use aws::dynamodb::{Item, get_item, put_item};
use aws::{Aws, Call, Credentials, NativeTransport, Service};
use deploy::{BackfillOptions, DeployError, Progress, StackOutputs, Target, UpOptions};
use libtest_mimic::Trial;
use local::Configuration;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use stories::{World, administrator_of, eventually, text, truth};
use tokio::process::Command;
use vehicle::{Claim, Endpoint, ProvisioningRequest, TemplateName};

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![
        teller.fact("an_update_keeps_data_and_claim_and_changes_only_what_changed", updating),
        teller.fact("a_stack_half_made_or_half_gone_is_finished_by_repeating_the_command", half_way),
    ]
}

/// What runs, as AWS tells it.
#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Deployed {
    functions: BTreeMap<String, BTreeMap<String, String>>,
    retention: BTreeMap<String, u32>,
}

async fn told<A: DeserializeOwned>(script: &str, configuration: &Configuration) -> Result<A> {
    let script = format!("{}/control_plane/{script}", env!("CARGO_MANIFEST_DIR"));
    let file = configuration.state.join("stack.json");
    let file = file.to_str().context("a path in UTF-8")?;
    let output = Command::new("python3").args([&script, file, &configuration.app]).output().await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

async fn deploy_again(aws: &Aws<NativeTransport>, options: &UpOptions) -> Result<StackOutputs, DeployError> {
    deploy::up(aws, options, &mut |_| {}).await
}

fn target(app: &str) -> Target {
    Target { app_unique_id: app.to_owned(), code_bucket: None }
}

fn options(configuration: &Configuration) -> UpOptions {
    UpOptions {
        target: target(&configuration.app),
        zips: configuration.build.function_zips.clone(),
        parameters: BTreeMap::new(),
    }
}

async fn updating(world: Arc<World>) -> Result<()> {
    let mut configuration = world.configuration_beside("deploying")?;
    configuration.demo_fleet = false;
    let stack = local::Stack::start(&configuration, |_| {}).await?;
    let aws = administrator_of(&stack.json);
    let same = options(&configuration);
    let mut told_nothing_to_do = false;
    let mut tell = |told: Progress| told_nothing_to_do |= matches!(told, Progress::NothingToDo(_));
    let before = deploy::up(&aws, &same, &mut tell).await?;
    ensure!(told_nothing_to_do, "nothing changed, and yet the stack was updated");
    let deployed = async || told::<Deployed>("deployed.py", &configuration).await;
    let at_first = deployed().await?;
    ensure!(at_first.functions.len() == deploy::FUNCTIONS.len(), "{at_first:?}");
    let claim = aws::secrets_manager::get_secret_value(&aws, &before.claim_secret_id).await?;
    let vin = "KEPT0000000000001";
    let row = Item::from([text("vin", vin), truth("allow_provisioning", true)]);
    put_item(&aws, &before.authorized_vehicles_table, row, None).await?;
    let is_kept = async |outputs: &StackOutputs, what: &str| -> Result<()> {
        ensure!(*outputs == before, "{what} changed what the stack tells: {outputs:?}");
        let now = aws::secrets_manager::get_secret_value(&aws, &before.claim_secret_id).await?;
        ensure!(now == claim, "{what} changed the claim");
        let key = Item::from([text("vin", vin)]);
        ensure!(get_item(&aws, &before.authorized_vehicles_table, key).await?.is_some(), "{what} lost a row");
        Ok(())
    };

    let mut shorter = same.clone();
    shorter.parameters.insert("LogRetentionDays".to_owned(), "30".to_owned());
    is_kept(&deploy_again(&aws, &shorter).await?, "another time for logs").await?;
    let now = deployed().await?;
    ensure!(now.functions == at_first.functions, "{now:?}");
    ensure!(
        now.retention.len() == deploy::FUNCTIONS.len() && now.retention.values().all(|days| *days == 30),
        "{now:?}"
    );

    let zips = configuration.state.join("changed-zips");
    change_one_function(&configuration.build.function_zips, &zips, "vehicle-connected")?;
    is_kept(&deploy_again(&aws, &UpOptions { zips, ..same.clone() }).await?, "another function").await?;
    let then = deployed().await?;
    ensure!(then.retention == now.retention, "a parameter that was not given again lost its value: {then:?}");
    let changed: Vec<_> =
        then.functions.iter().filter(|(name, function)| at_first.functions[*name] != **function).collect();
    ensure!(matches!(changed.as_slice(), [(name, _)] if *name == "cms-vehicle-connected"), "{changed:?}");

    let refused = deploy_again(&aws, &with(&same, "VpcSubnetIds", "subnet-0123456789abcdef0")).await;
    let refused = refused.err().context("subnets without security groups were taken")?.to_string();
    ensure!(refused.contains("VpcSubnetIds needs VpcSecurityGroupIds"), "{refused}");

    a_denial_is_counted(&stack.json, &configuration, &aws, &before).await?;
    stack.stop();
    Ok(())
}

fn with(options: &UpOptions, name: &str, value: &str) -> UpOptions {
    let mut options = options.clone();
    options.parameters.insert(name.to_owned(), value.to_owned());
    options
}

/// The same zips, but one holds a program that differs by a byte that it never reads.
fn change_one_function(zips: &Path, changed: &Path, name: &str) -> Result<()> {
    std::fs::create_dir_all(changed)?;
    for function in deploy::FUNCTIONS {
        let file = format!("{}.zip", function.name);
        std::fs::copy(zips.join(&file), changed.join(&file))?;
    }
    let built =
        zips.parent().context("a folder of what was built")?.join("x86_64-unknown-linux-gnu/release").join(name);
    let mut program = std::fs::read(&built).with_context(|| built.display().to_string())?;
    program.push(0);
    let zip = deploy::zip_of(&program).map_err(anyhow::Error::msg)?;
    Ok(std::fs::write(changed.join(format!("{name}.zip")), zip)?)
}

/// What the alarm about denials counts is what the hook writes.
async fn a_denial_is_counted(
    json: &local::StackJson,
    configuration: &Configuration,
    aws: &Aws<NativeTransport>,
    outputs: &StackOutputs,
) -> Result<()> {
    let counted = async || told::<BTreeMap<String, u64>>("metric_filters.py", configuration).await;
    let names: BTreeSet<String> = counted().await?.into_keys().collect();
    ensure!(names.iter().eq(["DeniedVehicles", "EndedClaimUsed", "RetiringClaimUsed"]), "{names:?}");
    let claim = Claim::from_secret(&aws::secrets_manager::get_secret_value(aws, &outputs.claim_secret_id).await?)?;
    let mqtt = Endpoint {
        port: json.mqtt_port,
        root_ca_pem: Some(std::fs::read_to_string(&json.root_ca)?),
        ..Endpoint::new(&json.mqtt_host)
    };
    let template = TemplateName::parse(&outputs.template_name)?;
    for (vin, let_in) in [("KEPT0000000000001", true), ("KEPT0000000000002", false)] {
        let request = ProvisioningRequest::new(template.clone(), vin)?;
        ensure!(vehicle::provision(&claim, &mqtt, &request).await.is_ok() == let_in, "{vin}");
    }
    eventually("one denial is counted", async || {
        let counted = counted().await?;
        ensure!(counted["DeniedVehicles"] == 1, "{counted:?}");
        ensure!(counted["EndedClaimUsed"] == 0 && counted["RetiringClaimUsed"] == 0, "{counted:?}");
        Ok(())
    })
    .await
}

async fn half_way(world: Arc<World>) -> Result<()> {
    let mut configuration = world.configuration_beside("half-way")?;
    configuration.demo_fleet = false;
    let stack = local::Stack::start(&configuration, |_| {}).await?;
    let aws = administrator_of(&stack.json);
    let half = UpOptions { target: target("half"), ..options(&configuration) };

    // Something has the name already: the stack is not made, and made once the name is free.
    let policy = "half-claim-policy";
    iot(&aws, http::Method::POST, policy, r#"{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}"#)
        .await?;
    let refused = deploy_again(&aws, &half).await.err().context("two policies have one name")?.to_string();
    ensure!(refused.contains("ClaimPolicy failed") && refused.contains("run `deploy up` again"), "{refused}");
    iot(&aws, http::Method::DELETE, policy, "").await?;
    deploy_again(&aws, &half).await.context("the name is free")?;

    // Its own part may not do its work: the stack is not deleted, and says so. That a repeat finishes it is a test of `deploy`.
    let role = name_in(&iam(&aws, "ListRoles", &[]).await?, "RoleName", "half-provisioning-DeploymentRole")?;
    iam(&aws, "DeleteRolePolicy", &[("RoleName", role.as_str()), ("PolicyName", "deployment")]).await?;
    let refused = deploy::down(&aws, &half.target, &mut |_| {}).await.err().context("it did what it may not")?;
    ensure!(refused.to_string().contains("run `deploy down` again"), "{refused}");
    let refused = deploy_again(&aws, &half).await.err().context("half a stack was updated")?.to_string();
    ensure!(refused.contains("run `deploy down` before `deploy up`"), "{refused}");
    let told = deploy::down(&aws, &target("nothing"), &mut |_| {}).await?.to_string();
    ensure!(told.contains("there is no stack nothing-provisioning in eu-central-1"), "{told}");

    elsewhere(&stack.json, &configuration).await?;
    not_allowed(&stack.json, &configuration, &aws).await?;
    stack.stop();
    Ok(())
}

/// In another region there is no stack, and the sentence says where there is one.
async fn elsewhere(json: &local::StackJson, configuration: &Configuration) -> Result<()> {
    let mut moved = json.clone();
    moved.region = "us-east-1".to_owned();
    let aws = administrator_of(&moved);
    let told = deploy::down(&aws, &target(&configuration.app), &mut |_| {}).await?.to_string();
    ensure!(told.contains("but something of it in eu-central-1: name that with --region"), "{told}");
    Ok(())
}

/// The console's user may do little, and a key of nobody nothing: the sentence says which and what to do.
async fn not_allowed(json: &local::StackJson, configuration: &Configuration, aws: &Aws<NativeTransport>) -> Result<()> {
    let target = target(&configuration.app);
    let options = BackfillOptions { target: target.clone(), add_indexes: false, rows_per_second: 100, after: None };
    let key = deploy::renew_console_key(aws, &target.console_user_name()).await?;
    let endpoint = json.aws_endpoint.clone();
    let as_whom = |credentials: Credentials| {
        let setting = |name: &str| (name == "AWS_ENDPOINT_URL").then(|| endpoint.clone());
        Aws::new(NativeTransport::new(Duration::from_secs(20)), &json.region, credentials, setting)
    };
    let refused = deploy::backfill(&as_whom(key.credentials), &options, &mut |_| {}).await;
    let refused = refused.err().context("the console may describe stacks")?.to_string();
    ensure!(refused.contains("attach a policy that allows cloudformation:DescribeStacks"), "{refused}");
    let nobody = Credentials {
        access_key_id: "AKIANOBODYS00000KEY0".to_owned(),
        secret_access_key: "nobody's".to_owned(),
        session_token: None,
    };
    let refused = deploy::down(&as_whom(nobody), &target, &mut |_| {}).await;
    let refused = refused.err().context("nobody may delete")?.to_string();
    ensure!(refused.starts_with("AWS refuses these credentials"), "{refused}");
    Ok(())
}

async fn iot(aws: &Aws<NativeTransport>, method: http::Method, policy: &str, body: &str) -> Result<()> {
    let operation = if method == http::Method::POST { "CreatePolicy" } else { "DeletePolicy" };
    let (path, body) = (format!("/policies/{policy}"), body.as_bytes().to_vec());
    aws.call(Call { service: Service::Iot, operation, method, path, headers: Vec::new(), body }).await?;
    Ok(())
}

async fn iam(aws: &Aws<NativeTransport>, operation: &'static str, parameters: &[(&str, &str)]) -> Result<String> {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", operation).append_pair("Version", "2010-05-08").extend_pairs(parameters);
    let call = Call {
        service: Service::Iam,
        operation,
        method: http::Method::POST,
        path: "/".to_owned(),
        headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
        body: form.finish().into_bytes(),
    };
    Ok(String::from_utf8(aws.call(call).await?.into_body())?)
}

/// The first name in a listing that begins so.
fn name_in(xml: &str, element: &str, beginning: &str) -> Result<String> {
    let opening = format!("<{element}>");
    let names = xml.split(&opening).skip(1).filter_map(|rest| rest.split('<').next());
    let name = names.filter(|name| name.starts_with(beginning)).map(str::to_owned).next();
    name.with_context(|| format!("no {beginning} in {xml}"))
}
